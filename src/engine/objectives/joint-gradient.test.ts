import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { initialWeights, Network } from '../models/network.ts';
import { exchangeAlone } from '../models/shard-exchange.ts';
import { relativeError } from '../reference/compare.ts';
import { jointGradients } from './joint-gradient.ts';
import { lossAndGradient, type MeanGradient } from './loss-gradient.ts';

const SIZE = 12 * 9 * 2;
const random = randomStream(3, 'images');
const batch: LabelledImages = {
  count: 13,
  images: Float32Array.from({ length: 13 * SIZE }, () => random.normal()),
  labels: Int32Array.from({ length: 13 }, (_, index) => index % 3),
};

const cut = (from: number, to: number): LabelledImages => ({
  count: to - from,
  images: batch.images.slice(from * SIZE, to * SIZE),
  labels: batch.labels.slice(from, to),
});

/** Loss, gradient and statistics, added up over the parts; the tensors are disposed. */
function numbers(parts: readonly MeanGradient[]): Float32Array[] {
  const sums = (tensors: readonly tf.Tensor[][]): Float32Array[] =>
    (tensors[0] ?? []).map((_, index) => {
      const sum = tf.tidy(() => tf.addN(tensors.map((list) => list[index] ?? [])));
      const values = sum.dataSync() as Float32Array;
      sum.dispose();
      return values;
    });
  const values = [
    ...sums(parts.map(({ loss, gradient }) => [loss, ...gradient])),
    ...(parts[0]?.statistics ?? []).map((tensor) => tensor.dataSync() as Float32Array),
  ];
  for (const { loss, gradient, statistics } of parts) tf.dispose([loss, ...gradient, ...statistics]);
  return values;
}

beforeAll(() => startBackend('wasm', nodeAssets));

it.each([[[]], [['layer1', 'bn1']]])('is that of the whole batch, frozen layers %j', (frozen) => {
  const network = new Network(initialWeights('resnet8', [12, 9, 2], 3, 0), frozen);
  const whole = numbers([lossAndGradient(network, batch)]);
  const before = tf.memory().numTensors;
  const shards = [cut(0, 4), cut(4, 11), cut(11, 13)];
  const joint = numbers(jointGradients(network, shards, batch.count, exchangeAlone));
  expect(joint).toHaveLength(whole.length);
  whole.forEach((values, index) => expect(relativeError(joint[index] ?? [], values)).toBeLessThan(1e-4));
  expect(tf.memory().numTensors).toBe(before);
  network.dispose();
});
