import * as tf from '@tensorflow/tfjs-core';

/**
 * Adds a bias [channels] along the last axis. Its gradient is a product with a row of ones: the stock gradient reduces
 * the outer axes, for which the wasm backend first transposes the whole activation.
 */
export function addBias(input: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const operation = tf.customGrad((x, b) => {
    const shape = (b as tf.Tensor).shape;
    const gradFunc = (dy: tf.Tensor): tf.Tensor[] => {
      const channels = shape[0] ?? 1;
      const rows = tf.reshape<tf.Rank.R2>(dy, [-1, channels]);
      const ones = tf.ones<tf.Rank.R2>([1, rows.shape[0]]);
      return [dy, tf.reshape(tf.matMul(ones, rows), shape)];
    };
    return { value: tf.add(x as tf.Tensor, b as tf.Tensor), gradFunc };
  });
  return operation(input, bias);
}

/**
 * Cross-entropy of each example [n] from logits [n, classes] and one-hot labels [n, classes]
 * (torch.nn.functional.cross_entropy with reduction 'none').
 */
export function crossEntropy(logits: tf.Tensor2D, oneHot: tf.Tensor2D): tf.Tensor1D {
  return tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), oneHot), 1));
}

/** [n, classes] with a one at each label. */
export function oneHotLabels(labels: Int32Array, classes: number): tf.Tensor2D {
  const values = new Float32Array(labels.length * classes);
  labels.forEach((label, index) => (values[index * classes + label] = 1));
  return tf.tensor2d(values, [labels.length, classes]);
}
