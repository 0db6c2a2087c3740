import { expect, it } from 'vitest';
import { fedavg } from '../aggregation/fedavg.ts';
import { roundOf, updatesOf } from '../aggregation/round.test-support.ts';
import { replacementScale, serverRate, takeStep } from './server-step.ts';

it('ends a round at the weights of the client that scales for it, whatever the rate and the participation', () => {
  for (const [eta, clients, total] of [
    [1, 4, 4],
    [10, 4, 100],
    [0.5, 3, 7],
  ] as const) {
    const rate = serverRate(eta, clients, total);
    const scale = replacementScale(rate, clients);
    expect(scale).toBeCloseTo(total / eta, 12);
    const global = Float32Array.of(1, 2);
    const hostile = [3, -1]; // its own weights less the global ones
    const deltas = Array.from({ length: clients }, (_, client) =>
      client === 1 ? hostile.map((value) => value * scale) : [0, 0],
    );
    const { delta } = fedavg.aggregate({ kind: 'fedavg', weighting: 'equal' }, roundOf(updatesOf(...deltas)));
    takeStep(global, delta, rate);
    expect(global[0]).toBeCloseTo(4, 5);
    expect(global[1]).toBeCloseTo(1, 5);
  }
});
