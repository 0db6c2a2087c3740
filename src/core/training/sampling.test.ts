import { describe, expect, it } from 'vitest';
import { type ExperimentInput, experimentSchema } from '../config/schema.ts';
import type { ImageDataset } from '../datasets/dataset.ts';
import { backdoorsOf } from './backdoor.ts';
import { drawByWeight, exampleWeights } from './sampling.ts';
import { TaskSource } from './tasks.ts';

/** Ten of class 0, thirty of class 1, sixty of class 2. */
const LABELS = Uint16Array.from({ length: 100 }, (_, at) => (at < 10 ? 0 : at < 40 ? 1 : 2));
const ALL = Uint32Array.from(LABELS, (_, at) => at);

const dataset: ImageDataset = {
  info: {
    kind: 'images',
    id: 'uneven',
    title: 'Uneven',
    shape: { height: 2, width: 2, channels: 1 },
    classes: ['a', 'b', 'c'],
    mean: [0],
    deviation: [1],
    source: '',
    licence: '',
  },
  train: { count: 100, images: new Uint8Array(400), labels: LABELS },
  test: { count: 3, images: new Uint8Array(12), labels: Uint16Array.of(0, 1, 2) },
};

/** Share of each class over epochs 1 to n. */
function shares(weights: Float64Array, epochs: number): number[] {
  const counts = [0, 0, 0];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const position of drawByWeight(3, epoch, weights)) {
      const label = LABELS[position] ?? 0;
      counts[label] = (counts[label] ?? 0) + 1;
    }
  }
  return counts.map((count) => count / (epochs * weights.length));
}

function weightsOf(input: ExperimentInput['training']): Float64Array {
  const weights = exampleWeights(experimentSchema.parse({ training: input }).training, LABELS, ALL);
  if (!weights) throw new Error('plain');
  return weights;
}

describe('sampling by weight', () => {
  it('draws every class equally often when balanced', () => {
    // 20,000 draws: the deviation of a share is 0.0033.
    for (const share of shares(weightsOf({ sampling: 'balanced' }), 200))
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.015);
  });

  it('draws an example in proportion to the weight of its class', () => {
    const [a = 0, b = 0, c = 0] = shares(weightsOf({ sampling: 'weighted', class_weights: [6, 0, 1] }), 200);
    expect([b, a + b + c]).toEqual([0, 1]);
    expect(Math.abs(a - 0.5)).toBeLessThan(0.02);
  });

  it('is the same for a seed and an epoch, and another for another', () => {
    const weights = weightsOf({ sampling: 'balanced' });
    expect(drawByWeight(3, 2, weights)).toEqual(drawByWeight(3, 2, weights));
    expect(drawByWeight(3, 2, weights)).not.toEqual(drawByWeight(3, 3, weights));
    expect(drawByWeight(3, 2, weights)).not.toEqual(drawByWeight(4, 2, weights));
  });

  it('never draws what has no weight, at either end', () => {
    expect(new Set(drawByWeight(1, 1, Float64Array.of(0, 0, 5, 0)))).toEqual(new Set([2]));
  });

  it('is none when plain, and is refused where nothing is left', () => {
    const { training } = experimentSchema.parse({});
    expect(exampleWeights(training, LABELS, ALL)).toBeNull();
    const none = { sampling: 'weighted' as const, class_weights: [0, 1, 1] };
    expect(() => exampleWeights(none, LABELS, ALL.subarray(0, 10))).toThrow(
      /E-CONFIG-VALUE.*No training example/,
    );
  });
});

type Attack = NonNullable<ExperimentInput['attack']>;
const INJECTIONS: NonNullable<Attack['injection']>[] = [
  { kind: 'data', fraction: 0.2 },
  { kind: 'clean_label', fraction: 0.5, epsilon: 0 },
  { kind: 'batch', fraction: 0.25 },
  { kind: 'loss' },
];

function source(injection: NonNullable<Attack['injection']>, attack: Attack = {}): TaskSource {
  const config = experimentSchema.parse({
    seed: 3,
    training: { batch_size: 10, sampling: 'weighted', class_weights: [1, 1, 0] },
    attack: {
      synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 0, column: 0 } },
      label: { kind: 'one_target', target: 2 },
      injection,
      ...attack,
    },
  });
  return new TaskSource(config, dataset, backdoorsOf(config, dataset));
}

describe('the steps of a run with weighted sampling', () => {
  it.each(INJECTIONS)('are as many, repeat, and hold back what has no weight: $kind', async (injection) => {
    const [one, again] = [source(injection), source(injection)];
    expect(one.stepsPerEpoch).toBe(10);
    for (let batch = 0; batch < one.stepsPerEpoch; batch++) {
      const step = await one.step(1, batch, false);
      expect((await again.step(1, batch, false)).tasks).toEqual(step.tasks);
      for (const { objective, batch: examples } of step.tasks) {
        expect(examples.count).toBe(10);
        // The white pixel is the trigger's: what is neither poisoned nor an objective of the backdoor is of class 0 or 1.
        const clean = [...examples.labels].filter((_, at) => examples.images[at * 4] === 0);
        if (objective === 'normal') expect(clean.every((label) => label < 2)).toBe(true);
      }
    }
  });

  it('leave out what a semantic backdoor holds', async () => {
    const semantic = { kind: 'semantic' as const, train: [0, 1, 2], test: [3], noise: 0 };
    const made = source({ kind: 'loss', objectives: ['normal'] }, { synthesizer: semantic });
    // 96 examples in batches of 10.
    expect(made.stepsPerEpoch).toBe(10);
    const steps = await Promise.all(Array.from({ length: 10 }, (_, batch) => made.step(1, batch, false)));
    const labels = steps.flatMap(({ tasks }) => [...(tasks[0]?.batch.labels ?? [])]);
    expect(labels).toHaveLength(96);
    expect(labels.every((label) => label < 2)).toBe(true);
  });
});
