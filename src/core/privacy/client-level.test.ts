import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse.ts';
import type { ExperimentInput } from '../config/schema.ts';
import type { RoundRecord } from '../experiment/round.ts';
import { epsilonAfter } from './accountant.ts';
import { ClientPrivacyMeter } from './client-level.ts';

type Rule = NonNullable<NonNullable<ExperimentInput['federated']>['aggregator']>;

const configOf = (aggregator: Rule, weights: 'random' | 'pretrained' = 'random') =>
  parseConfig({ task: { weights }, federated: { enabled: true, clients: 50, per_round: 5, aggregator } });

/** A round of five, so many of which answered. */
function round(answers: number): RoundRecord {
  const clients = Array.from({ length: 5 }, (_, at) => ({ fate: at < answers ? 'answers' : 'gone' }));
  return { clients } as unknown as RoundRecord;
}

describe('the guarantee of a client', () => {
  const meter = ClientPrivacyMeter.of(configOf({ kind: 'weak_dp', bound: 2, noise: 0.6 }));
  const delta = 50 ** -1.1;

  it('is that of sampled Gaussian noise on the sum of the updates', () => {
    // 0.6 on the mean of five is 3 on their sum, one and a half of the longest update.
    const plan = { samplingRate: 0.1, noiseMultiplier: 1.5 };
    expect(meter?.after([round(5), round(5), round(5)])).toEqual({
      ...plan,
      unit: 'client',
      accountant: 'rdp',
      delta,
      steps: 3,
      epsilon: epsilonAfter('rdp', plan, 3, delta),
    });
    expect(meter?.after([])).toMatchObject({ steps: 0, epsilon: 0 });
  });

  it('is weaker after rounds with fewer updates, and counts none without any', () => {
    const full = meter?.after([round(5), round(5)])?.epsilon ?? NaN;
    expect(meter?.after([round(5), round(3)])?.epsilon).toBeGreaterThan(full);
    expect(meter?.after([round(5), round(0), round(5)])).toMatchObject({ steps: 2, epsilon: full });
  });

  it('is not there without a fixed bound, without noise, under other rules, and from weights that know the data', () => {
    expect(ClientPrivacyMeter.of(configOf({ kind: 'weak_dp', bound: null, noise: 1 }))).toBeNull();
    expect(ClientPrivacyMeter.of(configOf({ kind: 'weak_dp', bound: 1, noise: 0 }))).toBeNull();
    expect(ClientPrivacyMeter.of(configOf({ kind: 'fedavg' }))).toBeNull();
    const known = configOf({ kind: 'weak_dp', bound: 1, noise: 1 }, 'pretrained');
    expect(ClientPrivacyMeter.of(known)).toBeNull();
  });
});
