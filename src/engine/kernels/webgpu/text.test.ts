import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../../../core/rng/random.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { initialWeights, Network } from '../../models/network.ts';
import { lossAndGradient } from '../../objectives/loss-gradient.ts';
import { relativeError } from '../../reference/compare.ts';
import { startWebgpu } from './test-support.ts';

const missing = await startWebgpu();
const LENGTH = 6;
const VOCABULARY = 31;
const CLASSES = 3;

/** Texts of 2 to 6 words, of which some come more than once. */
function texts(): LabelledImages {
  const random = randomStream(2, 'texts');
  const count = 5;
  const images = new Float32Array(count * LENGTH);
  for (let text = 0; text < count; text++) {
    for (let at = 0; at < 2 + text; at++) images[text * LENGTH + at] = random.int(1, VOCABULARY - 1);
  }
  return { count, images, labels: Int32Array.from({ length: count }, (_, text) => text % CLASSES) };
}

/** The loss and every gradient by its array's name, and the logits of texts that were not trained on. */
async function figures(model: string): Promise<[string, ArrayLike<number>][]> {
  const network = new Network(initialWeights(model, [LENGTH, VOCABULARY], CLASSES, 1));
  const { loss, gradient } = lossAndGradient(network, texts());
  const logits = tf.tidy(() => network.forward(network.batchOf(texts().images, texts().count)));
  const tensors = [loss, logits, ...gradient];
  const values = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  network.dispose();
  const names = ['loss', 'logits', ...network.parameters.map(({ layout }) => layout.name)];
  return values.map((array, index) => [names[index] ?? '', array]);
}

describe.skipIf(missing)(`models of texts on webgpu${missing ? ` (skipped: ${missing})` : ''}`, () => {
  it.each(['text_cnn', 'text_gru', 'text_transformer', 'lstm'])(
    'have the loss and the gradients that cpu has, and keep no tensor: %s',
    async (model) => {
      const before = tf.memory().numTensors;
      const actual = await figures(model);
      expect(tf.memory().numTensors).toBe(before);
      await import('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
      const expected = await figures(model);
      await tf.setBackend('webgpu');
      expect(actual.map(([name]) => name)).toEqual(expected.map(([name]) => name));
      for (const [index, [name, values]] of expected.entries())
        expect(relativeError(actual[index]?.[1] ?? [], values), name).toBeLessThan(1e-3);
    },
    60_000,
  );
});
