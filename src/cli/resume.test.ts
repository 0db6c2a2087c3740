import { describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import type { ExperimentInput } from '../core/config/schema.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { assertPositionFits, differingKeys, isUnfinished, resumeUnder } from './resume.ts';

const at = (input: ExperimentInput, place: Partial<Checkpoint> = {}): Checkpoint => ({
  version: 1,
  config: parseConfig(input),
  weights: { model: 'simplenet', inputShape: [28, 28, 1], classes: 10, parameters: [] },
  optimizer: [],
  step: 5,
  epoch: 1,
  batch: 5,
  normalLosses: [],
  epochs: [],
  partialEpoch: { losses: {}, scales: {}, steps: 0, seconds: 0 },
  interventions: [],
  learningRateFactor: 1,
  seconds: 0,
  ...place,
});

describe('resuming', () => {
  it('takes the same experiment, and one with more epochs', () => {
    const same = resumeUnder(parseConfig({ seed: 2 }), at({ seed: 2 }), 'x');
    expect(same.warnings).toEqual([]);
    const longer = resumeUnder(parseConfig({ training: { epochs: 3 } }), at({}), 'x');
    expect(longer.checkpoint.config.training.epochs).toBe(3);
    expect(longer.warnings).toEqual([]);
  });

  it.each<[string, ExperimentInput, string]>([
    ['another seed', { seed: 9 }, 'seed differs'],
    ['fewer epochs', { training: { epochs: 0 } }, 'training.epochs differs'],
    ['another batch size', { training: { batch_size: 32 } }, 'training.batch_size differs'],
    [
      'another optimizer',
      { training: { optimizer: { kind: 'adam' } } },
      'training.optimizer.kind, training.optimizer.learning_rate, training.optimizer.momentum',
    ],
    [
      'another trigger',
      { attack: { synthesizer: { kind: 'pattern', rows: [[1]] } } },
      'attack.synthesizer.rows',
    ],
  ])('refuses %s and names the keys', (_, input, keys) => {
    expect(() => resumeUnder(parseConfig(input), at({}), 'x')).toThrow(keys);
    expect(() => resumeUnder(parseConfig(input), at({}), 'x')).toThrow('E-CHECKPOINT');
  });

  it.each<[string, ExperimentInput, string]>([
    [
      'the noise was for fewer epochs',
      { training: { privacy: { kind: 'dp_sgd', target_epsilon: 3 } }, attack: { enabled: false } },
      'its noise was worked out',
    ],
    [
      'the attack has edited the weights',
      { attack: { injection: { kind: 'model' } } },
      'has edited its weights',
    ],
  ])('refuses more epochs where %s', (_, input, why) => {
    const more = { ...input, training: { ...input.training, epochs: 3 } };
    expect(resumeUnder(parseConfig(input), at(input), 'x').warnings).toEqual([]);
    expect(() => resumeUnder(parseConfig(more), at(input), 'x')).toThrow(new RegExp(why, 'i'));
  });

  it('does not mind what changes no number', () => {
    const other = { name: 'Other', evaluation: { live_every: 7 }, checkpoints: { every: 3 } };
    expect(resumeUnder(parseConfig(other), at({}), 'x').warnings).toEqual([]);
  });

  it('warns when the backend is another, or a cosine schedule grows', () => {
    const backend = resumeUnder(parseConfig({ backend: 'cpu' }), at({ backend: 'wasm' }), 'x');
    expect(backend.warnings.map(({ what }) => what)).toEqual([expect.stringContaining('wasm')]);
    const cosine = resumeUnder(
      parseConfig({ training: { epochs: 5, schedule: 'cosine' } }),
      at({ training: { epochs: 4, schedule: 'cosine' } }),
      'x',
    );
    expect(cosine.warnings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/grew from 4 to 5 under a cosine/),
    ]);
  });

  it('holds the position against the steps that an epoch has', () => {
    const input = { task: { train_examples: 100 }, training: { epochs: 3, batch_size: 16 } };
    const fits = (step: number, epoch: number, batch: number, examples = 60_000) =>
      assertPositionFits(at(input, { step, epoch, batch }), examples, 'x');
    // 7 steps: 6 of 16 and one of 4.
    for (const [step, epoch, batch] of [
      [0, 1, 0],
      [7, 1, 7],
      [9, 2, 2],
      [21, 4, 0],
    ] as const)
      expect(() => fits(step, epoch, batch)).not.toThrow();
    for (const [step, epoch, batch] of [
      [8, 1, 8],
      [9, 2, 3],
      [14, 2, 8],
      [24, 4, 0],
    ] as const)
      expect(() => fits(step, epoch, batch)).toThrow(/E-CHECKPOINT.*step \d+ in epoch/);
    expect(() => fits(9, 2, 2, 90)).toThrow('E-CHECKPOINT');
  });

  it('knows a run that a new one would lose', () => {
    expect(isUnfinished(at({}))).toBe(true);
    expect(isUnfinished(at({}, { step: 0 }))).toBe(false);
    expect(isUnfinished(at({ training: { epochs: 2 } }, { epoch: 3 }))).toBe(false);
  });
});

it('tells differences by dotted keys, lists as wholes', () => {
  expect(differingKeys({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { b: 1, c: [1, 3] }, e: 2 })).toEqual([
    'a.c',
    'd',
    'e',
  ]);
});
