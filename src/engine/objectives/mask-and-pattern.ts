/**
 * The trigger that Neural Cleanse looks for: a mask [height, width] and a pattern [height, width, channels], each behind
 * a tanh so that any number will do. Source: Wang et al., Neural Cleanse, IEEE S&P 2019, section IV; the pattern's range
 * of normalised values as in Backdoors 101.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Patterns reach from minus to plus this, in normalised pixels. */
export const PATTERN_REACH = 2.2;

/** The mask in (0, 1) behind a raw one: tanh(raw) / 2 + 1/2. */
export function maskOf(raw: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.tanh(raw), 0.5), 0.5);
}

/** (1 - mask) x + mask pattern, for images [n, height, width, channels] and a raw mask and pattern. Differentiable. */
export function masked(images: tf.Tensor, rawMask: tf.Tensor, rawPattern: tf.Tensor): tf.Tensor {
  const mask = tf.reshape(maskOf(rawMask), [...rawMask.shape, 1]);
  const pattern = tf.mul(tf.tanh(rawPattern), PATTERN_REACH);
  return tf.add(tf.mul(images, tf.sub(1, mask)), tf.mul(mask, pattern));
}

/** The size of a mask: the p-norm of its values in (0, 1). */
export function maskNorm(rawMask: tf.Tensor, p: 1 | 2): tf.Scalar {
  const mask = maskOf(rawMask);
  return p === 1 ? tf.sum(mask) : tf.sqrt(tf.sum(tf.square(mask)));
}
