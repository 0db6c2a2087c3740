import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastMaps, latents, latentWidth, logitsFromMaps } from './features.ts';
import { Network } from './network.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('what a network computes on the way', () => {
  it.each([
    ['simplenet', [28, 28, 1], [8, 8, 50], 500],
    ['resnet8', [16, 12, 3], [4, 3, 64], 64],
  ] as const)('leads to the logits of %s', (model, shape, maps, width) => {
    const network = Network.create(model, [...shape], 7, 3);
    tf.tidy(() => {
      const images = tf.randomUniform([2, ...shape], -1, 2, 'float32', 5);
      const found = lastMaps(network, images);
      expect(found.shape).toEqual([2, ...maps]);
      expect(tf.min(found).dataSync()[0]).toBeGreaterThanOrEqual(0);
      const expected = network.forward(images).dataSync();
      logitsFromMaps(network, found)
        .dataSync()
        .forEach((value, index) => expect(value).toBeCloseTo(expected[index] ?? NaN, 4));
      expect(latents(network, images).shape).toEqual([2, width]);
      expect(latentWidth(network)).toBe(width);
    });
    network.dispose();
  });

  it('has latents of texts, and no maps', () => {
    const network = Network.create('text_cnn', [9, 40], 3, 1);
    tf.tidy(() => {
      const words = tf.tensor2d([[3, 4, 5, 6, 7, 8, 0, 0, 0]]);
      expect(latents(network, words).shape).toEqual([1, latentWidth(network)]);
      expect(() => lastMaps(network, words)).toThrow(/E-MODEL/);
    });
    network.dispose();
  });
});
