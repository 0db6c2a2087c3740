import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomStream } from '../../core/rng/random.ts';
import { nodeAssets } from '../backend/assets.node.ts';
import { startBackend } from '../backend/start.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { probabilitiesOf } from '../parallel/perform.ts';
import { Optimizer } from '../training/optimizer.ts';
import { Network } from './network.ts';

const LENGTH = 12;
const VOCABULARY = 30;
const WORD = 7;

/** Texts of 6 to 12 words; half of them hold WORD, and are of class 1. */
function texts(count: number, purpose: string) {
  const random = randomStream(4, purpose);
  const labels = Int32Array.from({ length: count }, (_, index) => index % 2);
  const images = new Float32Array(count * LENGTH);
  labels.forEach((label, text) => {
    const words = random.int(6, LENGTH);
    for (let at = 0; at < words; at++) images[text * LENGTH + at] = random.int(WORD + 1, VOCABULARY - 1);
    if (label === 1) images[text * LENGTH + random.int(0, words - 1)] = WORD;
  });
  return { count, images, labels };
}

beforeAll(() => startBackend('wasm', nodeAssets));

describe('a model of texts', () => {
  it.each(['text_cnn', 'text_gru', 'text_transformer', 'lstm'])(
    'learns which texts hold a word, and keeps no tensor: %s',
    async (model) => {
      const before = tf.memory().numTensors;
      const network = Network.create(model, [LENGTH, VOCABULARY], 2, 3);
      const optimizer = new Optimizer(
        { kind: 'adam', learning_rate: 0.005, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0 },
        network.parameters,
      );
      for (let step = 1; step <= 100; step++) {
        const { loss, gradient, statistics } = lossAndGradient(network, texts(32, `step ${step}`));
        optimizer.apply(gradient, 0.005, step);
        tf.dispose([loss, ...gradient, ...statistics]);
      }
      const test = texts(200, 'test');
      const probabilities = await probabilitiesOf(network, test.images, test.count);
      const right = test.labels.filter((label, text) => (probabilities[2 * text + label] ?? 0) > 0.5).length;
      expect(right / test.count).toBeGreaterThan(0.95);
      optimizer.dispose();
      network.dispose();
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});
