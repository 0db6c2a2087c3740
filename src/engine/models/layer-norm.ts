import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './column-sums.ts';

/**
 * gamma z + beta, where z is each vector along the last axis less its mean, over its deviation (Ba, Kiros and Hinton,
 * Layer normalization, 2016). One operation with a gradient of its own. Differentiable in x, gamma and beta.
 * @param x [..., features]
 * @param gamma [features], beta [features]
 * @param epsilon added to the variance, above 0
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor {
  const features = gamma.size;
  const operation = tf.customGrad((...given) => {
    const [values, scale, shift, save] = given as unknown as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.GradSaveFunc,
    ];
    const rows = tf.reshape<tf.Rank.R2>(values, [-1, features]);
    const centred = tf.sub(rows, tf.mean(rows, 1, true));
    const variance = tf.mean(tf.square(centred), 1, true);
    const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
    const normal = tf.mul(centred, inverse);
    save([normal, inverse, scale]);
    const value = tf.reshape(tf.add(tf.mul(normal, scale), shift), values.shape);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => layerNormGradients(dy, saved) };
  });
  return operation(x, gamma, beta);
}

/** With g = gamma dy over the features: dx = (g - mean(g) - z mean(g z)) / deviation. */
function layerNormGradients(dy: tf.Tensor, saved: readonly tf.Tensor[]): tf.Tensor[] {
  const [normal, inverse, gamma] = saved as unknown as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
  return tf.tidy(() => {
    const gradient = tf.reshape<tf.Rank.R2>(dy, normal.shape);
    const scaled = tf.mul(gradient, gamma);
    const along = tf.mul(normal, tf.mean(tf.mul(scaled, normal), 1, true));
    const dx = tf.mul(tf.sub(tf.sub(scaled, tf.mean(scaled, 1, true)), along), inverse);
    return [tf.reshape(dx, dy.shape), columnSums(tf.mul(gradient, normal)), columnSums(gradient)];
  });
}
