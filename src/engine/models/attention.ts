/**
 * Scaled dot-product attention of a text on itself (Vaswani et al., Attention is all you need, NeurIPS 2017, section
 * 3.2), all heads at once, as one operation with a gradient of its own: what is as large as the square of the length is
 * written twice forward and twice backward, and kept once.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Makes what a place without a word adds to a sum of exponentials 0 in float32. */
const FAR_BELOW = -1e9;

interface Sizes {
  count: number;
  length: number;
  heads: number;
  /** Features of each head. */
  depth: number;
}

/**
 * softmax(q k' / sqrt(depth)) v of each head, over the places that hold a word.
 * @param projected [n, length, 3 features]: queries, keys and values, each with its heads one behind another
 * @param present [n, length], 1 where there is a word, else 0
 * @returns [n, length, features]; differentiable in `projected`
 */
export function attend(projected: tf.Tensor, present: tf.Tensor2D, heads: number): tf.Tensor {
  const [count = 0, length = 0, width = 0] = projected.shape;
  const sizes: Sizes = { count, length, heads, depth: width / 3 / heads };
  const operation = tf.customGrad((...given) => {
    const [values, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const { output, kept } = forward(values, present, sizes);
    save(kept);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => backward(dy, saved, sizes);
    return { value: joined(output, sizes), gradFunc };
  });
  return operation(projected);
}

function forward(
  projected: tf.Tensor,
  present: tf.Tensor2D,
  sizes: Sizes,
): { output: tf.Tensor; kept: tf.Tensor[] } {
  const { count, length, heads, depth } = sizes;
  // Four axes at most: the stock wasm backend takes a hundred times as long to transpose five.
  const split = tf.transpose(tf.reshape(projected, [count, length, 3 * heads, depth]), [0, 2, 1, 3]);
  const [q, k, v] = tf
    .split(tf.reshape(split, [count, 3, heads * length * depth]), 3, 1)
    .map((part) => tf.reshape(part, [count * heads, length, depth])) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const queries = tf.mul(q, 1 / Math.sqrt(depth));
  // A further feature, 1 in each query, puts what has no word far below without a pass over all pairs.
  const absent = tf.mul(tf.sub(1, present), FAR_BELOW);
  const below = tf.reshape(tf.tile(tf.reshape(absent, [count, 1, length]), [1, heads, 1]), [-1, length, 1]);
  const scores = tf.matMul(withOnes(queries), tf.concat([k, below], 2), false, true);
  const weights = tf.softmax(scores);
  const output = tf.matMul(weights, v);
  return { output, kept: [queries, k, v, weights, output] };
}

/** With p the weights and o the output: dscores = p (dp - sum(dp p)), and the sum along a row is that of do o. */
function backward(dy: tf.Tensor, saved: readonly tf.Tensor[], sizes: Sizes): tf.Tensor {
  const { count, length, heads, depth } = sizes;
  return tf.tidy(() => {
    const [queries, k, v, weights, output] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const dOutput = tf.reshape(
      tf.transpose(tf.reshape(dy, [count, length, heads, depth]), [0, 2, 1, 3]),
      output.shape,
    );
    const dv = tf.matMul(weights, dOutput, true, false);
    const sums = tf.neg(tf.sum(tf.mul(dOutput, output), 2, true));
    const dWeights = tf.matMul(tf.concat([dOutput, sums], 2), withOnes(v), false, true);
    const dScores = tf.mul(weights, dWeights);
    const dq = tf.mul(tf.matMul(dScores, k), 1 / Math.sqrt(depth));
    const dk = tf.matMul(dScores, queries, true, false);
    const parts = [dq, dk, dv].map((part) => tf.reshape(part, [count, heads, length, depth]));
    const together = tf.transpose(tf.concat(parts, 1), [0, 2, 1, 3]);
    return tf.reshape(together, [count, length, 3 * heads * depth]);
  });
}

/** [n heads, length, depth] to [n, length, heads depth]. */
function joined(output: tf.Tensor, { count, length, heads, depth }: Sizes): tf.Tensor {
  const split = tf.reshape(output, [count, heads, length, depth]);
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [count, length, heads * depth]);
}

/** [n, length, depth] with a further feature of 1. */
function withOnes(x: tf.Tensor): tf.Tensor {
  const none: [number, number] = [0, 0];
  return tf.pad(x, [none, none, [0, 1]], 1);
}
