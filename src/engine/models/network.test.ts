import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { relativeError } from '../reference/compare.ts';
import { initialWeights, Network } from './network.ts';

const SHAPE = [9, 7, 2] as const;
const CLASSES = 4;

const images = (count: number, purpose: string): tf.Tensor4D => {
  const random = randomStream(3, purpose);
  const values = Float32Array.from({ length: count * 9 * 7 * 2 }, () => random.normal());
  return tf.tensor4d(values, [count, ...SHAPE]);
};

const values = (weights: ModelWeights, ending: string): number[][] =>
  weights.parameters.filter(({ name }) => name.endsWith(ending)).map(({ data }) => [...data]);

beforeAll(async () => {
  await startBackend('wasm', nodeAssets);
});

describe('a network with batch-norm', () => {
  it('gives in evaluation each image by itself, and in training by its batch', () => {
    const network = Network.create('resnet8', SHAPE, CLASSES, 1);
    tf.tidy(() => {
      const batch = images(5, 'batch');
      const first = tf.slice(batch, 0, 2);
      const whole = network.forward(batch).dataSync().slice(0, 8);
      expect(relativeError(network.forward(first).dataSync(), whole)).toBeLessThan(1e-5);
      const trained = network.forwardTraining(batch);
      const part = network.forwardTraining(first);
      expect(relativeError(part.logits.dataSync(), trained.logits.dataSync().slice(0, 8))).toBeGreaterThan(
        0.01,
      );
      tf.dispose([trained.statistics, part.statistics]);
    });
    network.dispose();
  });

  it('evaluates by what it has tracked: one batch at full momentum is nearly training', async () => {
    const network = Network.create('resnet8', SHAPE, CLASSES, 1);
    const batch = images(40, 'batch');
    const logits: Float32Array[] = [];
    for (let step = 0; step < 80; step++) {
      const output = tf.tidy(() => network.forwardTraining(batch));
      network.track(output.statistics);
      if (step === 79) logits.push(output.logits.dataSync<'float32'>());
      tf.dispose([output.logits, ...output.statistics]);
    }
    const evaluated = tf.tidy(() => network.forward(batch).dataSync());
    // Running variances are unbiased: of 240 values in the last stage, 240 / 239.
    expect(relativeError(evaluated, logits[0] ?? [])).toBeLessThan(0.03);
    expect(values(await network.weights(), 'num_batches_tracked').flat()).toEqual(new Array(9).fill(80));
    batch.dispose();
    network.dispose();
  });

  it('leaves what it has tracked alone until told, and never trains it', async () => {
    const network = Network.create('resnet8', SHAPE, CLASSES, 1);
    const before = await network.weights();
    tf.tidy(() => tf.dispose(network.forwardTraining(images(3, 'a')).statistics));
    expect(await network.weights()).toEqual(before);
    expect(
      network.parameters.map(({ layout }) => layout.name).filter((name) => name.includes('running')),
    ).toEqual([]);
    expect(network.statistics).toHaveLength(18);
    expect(network.values).toHaveLength(network.variables.length + 18);
    network.dispose();
  });

  it('comes back from its weights as it was, and keeps no tensors', async () => {
    const before = tf.memory().numTensors;
    const network = Network.create('resnet8', SHAPE, CLASSES, 1);
    const { statistics } = tf.tidy(() => {
      const { statistics: tracked } = network.forwardTraining(images(3, 'a'));
      return { statistics: tracked };
    });
    network.track(statistics);
    tf.dispose(statistics);
    const weights = await network.weights();
    const again = new Network(structuredClone(weights));
    expect(await again.weights()).toEqual(weights);
    const [ours, theirs] = [network, again].map((one) =>
      tf.tidy(() => one.forward(images(2, 'b')).dataSync()),
    );
    expect(theirs).toEqual(ours);
    network.dispose();
    again.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses a training batch of one value a channel, and says which layer', () => {
    const network = new Network(initialWeights('resnet8', [3, 4, 1], 2, 0));
    const one = tf.zeros<tf.Rank.R4>([1, 3, 4, 1]);
    expect(() => tf.tidy(() => network.forwardTraining(one))).toThrow(/E-SHAPE.*layer3\.0\.bn1/);
    expect(tf.tidy(() => network.forward(one).shape)).toEqual([1, 2]);
    one.dispose();
    network.dispose();
  });

  it('begins as PyTorch’s layers do', async () => {
    const { parameters } = initialWeights('resnet18', [32, 32, 3], 10, 0);
    const conv = parameters.find(({ name }) => name === 'layer3.1.conv2.weight')?.data ?? new Float32Array();
    const bound = 1 / Math.sqrt(256 * 9);
    expect(Math.max(...conv.subarray(0, 60_000))).toBeLessThanOrEqual(bound);
    expect(Math.max(...conv.subarray(0, 60_000))).toBeGreaterThan(0.999 * bound);
    const deviation = Math.sqrt(conv.reduce((sum, value) => sum + value * value, 0) / conv.length);
    expect(deviation / (bound / Math.sqrt(3))).toBeCloseTo(1, 2);
    const weights: ModelWeights = { model: 'resnet18', inputShape: [32, 32, 3], classes: 10, parameters };
    expect(new Set(values(weights, 'running_var').flat())).toEqual(new Set([1]));
    expect(new Set(values(weights, 'bn2.weight').flat())).toEqual(new Set([1]));
    expect(new Set(values(weights, 'bn2.bias').flat())).toEqual(new Set([0]));
    return Promise.resolve();
  });
});
