import { randomStream } from '../rng/random.ts';
import type { AggregationRound, Update } from './aggregator.ts';

/** Updates of clients 0, 1, ... with one example each. */
export const updatesOf = (...deltas: number[][]): Update[] =>
  deltas.map((delta, client) => ({ client, examples: 1, delta: Float32Array.from(delta) }));

/** A round of these updates; the whole update is the last layer. */
export function roundOf(updates: readonly Update[], more: Partial<AggregationRound> = {}): AggregationRound {
  return {
    updates,
    random: randomStream(1, 'round'),
    lastLayer: [0, updates[0]?.delta.length ?? 0],
    server: null,
    memory: {},
    ...more,
  };
}
