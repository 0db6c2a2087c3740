/**
 * Small changes of images that raise a network's loss.
 * Source: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks, ICLR 2018, section 2.1.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { ImageInfo } from '../../core/datasets/dataset.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';

export interface DescentOptions {
  /** The most that a pixel moves, where 1 is the step from black to white. */
  epsilon: number;
  steps: number;
}

/**
 * Each step moves every pixel by 2.5 epsilon / steps along the sign of the loss's gradient, then back into the range of
 * epsilon around the image and into [0, 1]. Starts at the images themselves, so that nothing is drawn at random.
 * @param pixels [count, height, width, channels] in [0, 1]
 * @param labels the class whose loss is raised, [count]
 * @returns pixels of the same shape
 */
export async function raiseLoss(
  network: Network,
  info: ImageInfo,
  pixels: Float32Array,
  labels: Int32Array,
  { epsilon, steps }: DescentOptions,
): Promise<Float32Array> {
  const { height, width, channels } = info.shape;
  const [mean, deviation] = [tf.tensor1d(info.mean), tf.tensor1d(info.deviation)];
  const original = tf.tensor(pixels, [labels.length, height, width, channels]);
  const stride = (2.5 * epsilon) / steps;
  const slope = tf.grad((moved: tf.Tensor) =>
    tf.sum(labelCrossEntropy(network.forward(tf.div(tf.sub(moved, mean), deviation)), labels)),
  );
  let current = original.clone();
  for (let step = 0; step < steps; step++) {
    const next = tf.tidy(() => {
      const moved = tf.add(current, tf.mul(tf.sign(slope(current)), stride));
      const near = tf.minimum(tf.maximum(moved, tf.sub(original, epsilon)), tf.add(original, epsilon));
      return tf.clipByValue(near, 0, 1);
    });
    current.dispose();
    current = next;
  }
  const values = (await current.data()) as Float32Array;
  tf.dispose([mean, deviation, original, current]);
  return values;
}
