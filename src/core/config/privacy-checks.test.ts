import { describe, expect, it } from 'vitest';
import { safeParseConfig } from './parse.ts';
import type { ExperimentInput } from './schema.ts';

const DP_SGD = { training: { privacy: { kind: 'dp_sgd' as const } } };
const DATA = { attack: { injection: { kind: 'data' as const } } };

function refusedAt(input: ExperimentInput): string[] {
  const parsed = safeParseConfig(input);
  return parsed.ok ? [] : parsed.problems.map(({ where }) => where ?? '');
}

describe('a guarantee', () => {
  it('holds for poison that lies in the data, and for a clean run', () => {
    expect(refusedAt({ ...DP_SGD, ...DATA })).toEqual([]);
    expect(refusedAt({ ...DP_SGD, attack: { injection: { kind: 'clean_label' } } })).toEqual([]);
    expect(refusedAt({ ...DP_SGD, attack: { enabled: false } })).toEqual([]);
  });

  it.each(['loss', 'batch', 'model'] as const)('is refused where the attack is in the code: %s', (kind) => {
    expect(refusedAt({ ...DP_SGD, attack: { injection: { kind } } })).toContain('attack.injection.kind');
  });

  it('is refused for classes drawn unevenly, a model that knows the data, and clients', () => {
    const balanced = { privacy: DP_SGD.training.privacy, sampling: 'balanced' as const };
    expect(refusedAt({ ...DATA, training: balanced })).toEqual(['training.sampling']);
    expect(refusedAt({ ...DATA, ...DP_SGD, task: { weights: 'pretrained' } })).toEqual(['task.weights']);
    expect(refusedAt({ ...DATA, ...DP_SGD, federated: { enabled: true } })).toEqual([
      'training.privacy.kind',
    ]);
  });
});

describe('shaped gradients', () => {
  const shaping = (each: 'example' | 'batch', more: ExperimentInput['attack'] = {}): ExperimentInput => ({
    training: { privacy: { kind: 'gradient_shaping', each } },
    attack: more,
  });
  const evading = { evasions: { neural_cleanse: { enabled: true } } };

  it('go with any injection, and with evasions where the step is clipped whole', () => {
    expect(refusedAt(shaping('example'))).toEqual([]);
    expect(refusedAt(shaping('batch', evading))).toEqual([]);
    expect(refusedAt(shaping('example', evading))).toEqual(['training.privacy.each']);
  });
});
