import * as tf from '@tensorflow/tfjs-core';

/**
 * [columns] sums over all axes but the last, as a product with a row of ones: a reduction would first transpose the whole
 * tensor on some backends.
 */
export function columnSums(x: tf.Tensor): tf.Tensor1D {
  const columns = x.shape.at(-1) ?? 1;
  const rows = tf.reshape<tf.Rank.R2>(x, [-1, columns]);
  return tf.reshape(tf.matMul(tf.ones<tf.Rank.R2>([1, rows.shape[0]]), rows), [columns]);
}
