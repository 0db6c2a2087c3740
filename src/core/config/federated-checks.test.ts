import { expect, it } from 'vitest';
import { crossChecks } from './checks.ts';
import { experimentSchema, type ExperimentInput } from './schema.ts';

const wrong = (input: ExperimentInput): string[] =>
  crossChecks(experimentSchema.parse(input)).map(({ where }) => where ?? '');

it('names what does not go together in a federated experiment', () => {
  const enabled = true;
  expect(wrong({ federated: { enabled } })).toEqual([]);
  expect(wrong({ federated: { enabled, clients: 5, per_round: 6 } })).toEqual(['federated.per_round']);
  expect(
    wrong({ federated: { enabled, per_round: 10, aggregator: { kind: 'krum', adversaries: 4 } } }),
  ).toEqual(['federated.aggregator.adversaries']);
  expect(
    wrong({ federated: { enabled, per_round: 11, aggregator: { kind: 'krum', adversaries: 4 } } }),
  ).toEqual([]);
  expect(
    wrong({
      federated: { enabled, compromised: { distributed: true } },
      attack: { synthesizer: { kind: 'single_pixel' } },
    }),
  ).toEqual(['federated.compromised.distributed']);
  expect(wrong({ federated: { enabled }, attack: { evasions: { pruning_aware: { enabled } } } })).toEqual([
    'attack.evasions.pruning_aware.enabled',
  ]);
  expect(
    wrong({ federated: { enabled }, attack: { injection: { kind: 'loss', loss_threshold: 1 } } }),
  ).toEqual(['attack.injection.loss_threshold']);
  expect(wrong({ federated: { enabled: false, clients: 5, per_round: 6 } })).toEqual([]);
});
