/** One step of Neural Cleanse's search on a batch: what a small trigger would have to be. */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';
import { masked, maskNorm } from './mask-and-pattern.ts';

export interface SearchPoint {
  /** Cross-entropy of the masked inputs and the labels that the trigger should bring, a mean. */
  crossEntropy: number;
  maskNorm: number;
  /** (1 - weight) cross-entropy + weight mask norm. */
  total: number;
  maskGradient: Float32Array;
  patternGradient: Float32Array;
}

/**
 * The search's loss at a raw mask [height, width] and pattern [height, width, channels], and its gradient in both.
 * @param batch clean images under the labels that the trigger should bring
 * @param weight of the mask's norm, in [0, 1]
 */
export async function searchPoint(
  network: Network,
  batch: LabelledImages,
  raw: { mask: Float32Array; pattern: Float32Array },
  { weight, p }: { weight: number; p: 1 | 2 },
): Promise<SearchPoint> {
  const [height = 0, width = 0, channels = 1] = network.inputShape;
  const packed = tf.tidy(() => {
    const images = network.batchOf(batch.images, batch.count);
    const entropy = (mask: tf.Tensor, pattern: tf.Tensor): tf.Scalar =>
      tf.mean(labelCrossEntropy(network.forward(masked(images, mask, pattern)), batch.labels));
    const mask = tf.tensor(raw.mask, [height, width]);
    const pattern = tf.tensor(raw.pattern, [height, width, channels]);
    const ce = tf.valueAndGrads((m, p) => entropy(m, p))([mask, pattern]);
    const norm = tf.valueAndGrad((m) => maskNorm(m, p))(mask);
    const [byMask, byPattern] = ce.grads;
    if (!byMask || !byPattern) throw new Error('a search has two gradients');
    return tf.concat1d([
      tf.reshape<tf.Rank.R1>(ce.value, [1]),
      tf.reshape<tf.Rank.R1>(norm.value, [1]),
      tf.reshape<tf.Rank.R1>(tf.add(tf.mul(byMask, 1 - weight), tf.mul(norm.grad, weight)), [-1]),
      tf.reshape<tf.Rank.R1>(tf.mul(byPattern, 1 - weight), [-1]),
    ]);
  });
  const values = (await packed.data()) as Float32Array;
  packed.dispose();
  const [crossEntropy = NaN, found = NaN] = values;
  const middle = 2 + height * width;
  return {
    crossEntropy,
    maskNorm: found,
    total: (1 - weight) * crossEntropy + weight * found,
    maskGradient: values.slice(2, middle),
    patternGradient: values.slice(middle),
  };
}
