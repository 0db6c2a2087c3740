import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LabelledImages } from '../../core/training/images.ts';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { Network } from '../models/network.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { clippedGradient } from './clipped-gradient.ts';

beforeAll(() => startBackend('wasm', nodeAssets));

const COUNT = 3;

function batchFor({ inputShape, classes }: Network): LabelledImages {
  const random = randomStream(5, 'private test');
  const isText = inputShape.length === 2;
  const size = isText ? inputShape[0] : inputShape.reduce((product, side) => product * side, 1);
  const images = Float32Array.from({ length: COUNT * size }, () =>
    isText ? random.int(0, 6) : random.uniform(-1, 2),
  );
  return { images, labels: Int32Array.from({ length: COUNT }, (_, at) => at % classes), count: COUNT };
}

/** One example after another, by the plain gradient. */
function naive(
  network: Network,
  batch: LabelledImages,
  clip: number,
): { sum: Float64Array[]; lengths: number[] } {
  const size = batch.images.length / batch.count;
  const lengths: number[] = [];
  const sum = network.variables.map(({ size: length }) => new Float64Array(length));
  for (let at = 0; at < batch.count; at++) {
    const images = batch.images.slice(at * size, (at + 1) * size);
    const one = { images, labels: batch.labels.slice(at, at + 1), count: 1 };
    const { loss, gradient, statistics } = lossAndGradient(network, one);
    const values = gradient.map((tensor) => tensor.dataSync<'float32'>());
    const length = Math.hypot(
      ...values.map((array) => Math.sqrt(array.reduce((total, value) => total + value ** 2, 0))),
    );
    lengths.push(length);
    values.forEach((array, parameter) => {
      const into = sum[parameter] ?? new Float64Array();
      array.forEach((value, i) => (into[i] = (into[i] ?? 0) + value * Math.min(1, clip / length)));
    });
    tf.dispose([loss, ...gradient, ...statistics]);
  }
  return { sum, lengths };
}

describe('the clipped gradients of single examples', () => {
  it.each([
    ['simplenet', [28, 28, 1]],
    ['small_cnn', [28, 28, 1]],
    ['text_cnn', [9, 40]],
    ['resnet8_gn', [7, 6, 2]],
  ] as const)('add up to those of a plain loop, in %s', (model, shape) => {
    const network = Network.create(model, [...shape], 4, 3);
    const batch = batchFor(network);
    const { lengths: free } = naive(network, batch, Infinity);
    // Some examples are clipped and some are not.
    const clip = [...free].sort((a, b) => a - b)[1] ?? NaN;
    const expected = naive(network, batch, clip);
    const before = tf.memory().numTensors;
    const { loss, gradient, lengths } = clippedGradient(network, batch, clip);
    expect(tf.memory().numTensors).toBe(before + gradient.length + 2);
    lengths.dataSync<'float32'>().forEach((length, at) => {
      expect(Math.abs(length / (expected.lengths[at] ?? NaN) - 1)).toBeLessThan(1e-4);
    });
    gradient.forEach((tensor, parameter) => {
      const from = expected.sum[parameter] ?? new Float64Array();
      const worst = tensor
        .dataSync<'float32'>()
        .reduce((most, value, i) => Math.max(most, Math.abs(value - (from[i] ?? NaN))), 0);
      expect(worst).toBeLessThan(1e-4);
    });
    tf.dispose([loss, lengths, ...gradient]);
    network.dispose();
  });

  it('are refused where examples mix', () => {
    const network = Network.create('resnet8', [8, 8, 3], 3, 1);
    expect(() => clippedGradient(network, batchFor(network), 1)).toThrow(/batch_norm/);
    network.dispose();
  });
});
