import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/rng/random.ts';
import { nodeAssets } from '../../backend/assets.node.ts';
import { startBackend } from '../../backend/start.ts';
import { labelCrossEntropy } from '../../models/label-cross-entropy.ts';
import { Network } from '../../models/network.ts';
import { localHelper } from '../../parallel/team.test-support.ts';
import { eventOf, tinyConfig, tinyRun } from '../../training/run.test-support.ts';
import { defend, quick, request } from '../defense.test-support.ts';
import { runDefenses } from '../run-defenses.ts';
import { judge } from './neural-cleanse.ts';
import type { SearchState } from './search.ts';
import { closed, opened, searchStep, stamped } from './search-step.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const normalization = { mean: [0.4, 0.5, 0.3], deviation: [0.2, 0.3, 0.25] };

describe('a step of the search', () => {
  it.each([1, 2] as const)(
    'has the gradient that TensorFlow.js gives of the whole formula, norm %i',
    async (norm) => {
      const [height, width, channels] = [16, 18, 3];
      const network = Network.create('resnet8', [height, width, channels], 4, 5);
      const random = randomStream(7, 'search step');
      const draw = (length: number) => Float32Array.from({ length }, () => random.uniform(-1, 1));
      const raw = { mask: draw(height * width), pattern: draw(height * width * channels) };
      const images = draw(3 * raw.pattern.length);
      let found: readonly Float32Array[] = [];
      const before = tf.memory().numTensors;
      const figures = await searchStep(
        network,
        images,
        2,
        raw,
        { step: (by) => (found = by) },
        {
          weight: 0.01,
          norm,
          normalization,
        },
      );
      expect(tf.memory().numTensors).toBe(before);
      const expected = tf.tidy(() => {
        const loss = (rawMask: tf.Tensor, rawPattern: tf.Tensor): tf.Scalar => {
          const mask = tf.add(tf.mul(tf.tanh(rawMask), 0.5), 0.5);
          const pattern = tf.add(tf.mul(tf.tanh(rawPattern), 0.5), 0.5);
          const shown = tf.div(tf.sub(pattern, normalization.mean), normalization.deviation);
          const batch = tf.tensor4d(images, [3, height, width, channels]);
          const mixed = tf.add(tf.mul(batch, tf.sub(1, mask)), tf.mul(mask, shown));
          const entropy = tf.mean(labelCrossEntropy(network.forward(mixed), new Int32Array(3).fill(2)));
          const size = norm === 1 ? tf.sum(mask) : tf.sqrt(tf.sum(tf.square(mask)));
          return tf.add(entropy, tf.mul(size, 0.01));
        };
        const { value, grads } = tf.valueAndGrads(loss)([
          tf.tensor3d(raw.mask, [height, width, 1]),
          tf.tensor3d(raw.pattern, [height, width, channels]),
        ]);
        return { loss: value.dataSync()[0] ?? NaN, grads: grads.map((grad) => grad.dataSync<'float32'>()) };
      });
      expect(figures.crossEntropy + 0.01 * figures.norm).toBeCloseTo(expected.loss, 4);
      expected.grads.forEach((grad, array) => {
        const largest = grad.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        expect(largest).toBeGreaterThan(1e-4);
        grad.forEach((value, at) =>
          expect(Math.abs(value - (found[array]?.[at] ?? NaN))).toBeLessThan(largest * 2e-3),
        );
      });
      network.dispose();
    },
  );

  it('lays the pattern where the mask is open, normalised', () => {
    const out = stamped(
      Float32Array.of(1, 2, 3, 4, 5, 6),
      Float32Array.of(0, 1),
      Float32Array.of(0, 0, 0, 0.6, 0.5, 0.8),
      normalization,
    );
    [1, 2, 3, 1, 0, 2].forEach((value, at) => expect(out[at]).toBeCloseTo(value, 5));
  });

  it('closes what it opens', () => {
    opened(closed(Float32Array.of(0.1, 0.5, 0.999))).forEach((value, at) =>
      expect(value).toBeCloseTo([0.1, 0.5, 0.999][at] ?? NaN, 5),
    );
  });
});

describe('the verdict', () => {
  const state = (label: number, size: number, works = true): SearchState => {
    const trigger = { mask: Float32Array.of(size), pattern: Float32Array.of(0) };
    const raw = { mask: closed(trigger.mask), pattern: trigger.pattern };
    const best = works ? trigger : null;
    return { label, step: 1, raw, adam: [], best, success: 1, cost: {} as SearchState['cost'] };
  };
  const sizes = [0.8, 0.9, 0.85, 0.1, 0.99, 0.84];

  it('flags a label with a far smaller mask, and none that is far larger', () => {
    const found = judge(
      sizes.map((size, label) => state(label, size)),
      'middle',
      2,
    );
    expect(found).toMatchObject({ verdict: 'backdoored', flagged: [3] });
    // Median 0.845; distances 0.045, 0.055, 0.005, 0.745, 0.145, 0.005: median 0.05.
    expect(found.score).toBeCloseTo(0.745 / (1.4826 * 0.05), 3);
    const large = judge(
      [0.2, 0.21, 0.19, 0.95, 0.2].map((size, label) => state(label, size)),
      'middle',
      2,
    );
    expect(large).toMatchObject({ verdict: 'clean', flagged: [] });
  });

  it('is another with the lower median', () => {
    const found = judge(
      sizes.map((size, label) => state(label, size)),
      'lower',
      2,
    );
    expect(found.metrics.median).toBeCloseTo(0.84, 6);
  });

  it('is open where no label has a trigger that works', () => {
    const found = judge(
      sizes.map((size, label) => state(label, size, false)),
      'middle',
      2,
    );
    expect(found).toMatchObject({ verdict: 'undecided', flagged: [] });
  });
});

describe('Neural Cleanse', () => {
  it('finds the smallest trigger on the label that a backdoor wants, where the trigger is', async () => {
    const run = tinyRun(
      tinyConfig({
        training: { epochs: 12 },
        attack: {
          synthesizer: { kind: 'single_pixel', placement: { kind: 'fixed', row: 1, column: 2 } },
          label: { kind: 'one_target', target: 2 },
          injection: { kind: 'data', fraction: 0.3 },
        },
      }),
    );
    await run.result;
    const { evaluation } = await eventOf(run, 'evaluation');
    expect(evaluation.cleanAccuracy.n).toBe(30);
    const weights = run.checkpoints.at(-1)?.weights;
    if (!weights) throw new Error('a run keeps its end');
    const asked = quick('neural_cleanse', { steps: 60, batches: 4, batch_size: 16, examples: 64 });
    const [result] = (await defend(request([asked], { weights, control: null }))).results;
    expect(result?.metrics['smallest_label']).toBe(2);
    const triggers = result?.evidence.find(({ kind }) => kind === 'triggers');
    const found = triggers?.kind === 'triggers' ? triggers.triggers[2] : undefined;
    const largest = found?.mask.indexOf(Math.max(...found.mask)) ?? NaN;
    // A pool of two by two is blind to less.
    expect(Math.abs(Math.floor(largest / 17) - 1)).toBeLessThanOrEqual(1);
    expect(Math.abs((largest % 17) - 2)).toBeLessThanOrEqual(1);
  });

  it('gives the same with a helper as alone', async () => {
    const asked = request([quick('neural_cleanse')], { control: null });
    const alone = (await defend(asked)).results[0];
    const helpers = { spawn: () => localHelper().line, count: 1 };
    const [helped] = await runDefenses(asked, {
      signal: new AbortController().signal,
      emit: () => undefined,
      helpers,
    });
    expect(helped?.evidence).toEqual(alone?.evidence);
    expect(helped?.score).toBe(alone?.score);
  });
});
