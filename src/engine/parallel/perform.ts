/** One piece of work, done on this thread: the same code for a lead and its helpers. */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import type { Gradient } from '../training/gradients.ts';

/** The loss of a batch as a number, its gradient and what batch-norm saw, whose tensors belong to the caller. */
export async function gradientOf(
  network: Network,
  batch: LabelledImages,
  divisor: number,
): Promise<{ loss: number; gradient: Gradient; statistics: tf.Tensor[] }> {
  const { loss, gradient, statistics } = lossAndGradient(network, batch, divisor);
  const [value = NaN] = await loss.data();
  loss.dispose();
  return { loss: value, gradient, statistics };
}

/** Class probabilities [count, classes] of normalised images, or of texts. */
export async function probabilitiesOf(
  network: Network,
  images: Float32Array,
  count: number,
): Promise<Float32Array> {
  const probabilities = tf.tidy(() => tf.softmax(network.forward(network.batchOf(images, count))));
  const values = (await probabilities.data()) as Float32Array;
  probabilities.dispose();
  return values;
}
