/** Linear algebra over gradients: one list of tensors for each objective, one tensor for each parameter. */
import * as tf from '@tensorflow/tfjs-core';

export type Gradient = readonly tf.Tensor[];

/**
 * Inner products of every pair, over all parameters, as one tensor [n * n] (row-major) so that a GPU is read once.
 */
export function gramTensor(gradients: readonly Gradient[]): tf.Tensor1D {
  return tf.tidy(() => {
    const entries = gradients.map((left, row) =>
      gradients.map((right, column) => (column < row ? null : dot(left, right))),
    );
    const flat = gradients.flatMap((_, row) =>
      gradients.map((__, column) => entries[Math.min(row, column)]?.[Math.max(row, column)] ?? tf.scalar(0)),
    );
    return tf.stack(flat) as tf.Tensor1D;
  });
}

function dot(left: Gradient, right: Gradient): tf.Scalar {
  const parts = left.map((tensor, index) => {
    const other = right[index];
    if (!other) throw new Error('gradients of different networks');
    return tf.reshape(tf.matMul(tf.reshape(tensor, [1, -1]), tf.reshape(other, [-1, 1])), []) as tf.Scalar;
  });
  return tf.addN(parts);
}

/** The weighted sum of gradients, a tensor for each parameter. The tensors belong to the caller. */
export function combineGradients(gradients: readonly Gradient[], weights: readonly number[]): tf.Tensor[] {
  const [first] = gradients;
  if (!first) throw new Error('no gradient to combine');
  return first.map((_, parameter) =>
    tf.tidy(() => {
      const parts = gradients.flatMap((gradient, task) => {
        const tensor = gradient[parameter];
        const weight = weights[task] ?? 0;
        return tensor ? [weight === 1 ? tensor : tf.mul(tensor, weight)] : [];
      });
      return parts.length === 1 && parts[0] ? tf.clone(parts[0]) : tf.addN(parts);
    }),
  );
}
