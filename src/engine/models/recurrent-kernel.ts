/** What stands between a recurrent layer and the backend that computes it. */
import type * as tf from '@tensorflow/tfjs-core';

export interface RecurrentInput {
  /** [length, n, gates hidden]: each place's product with the input weights, and their bias. */
  projected: tf.Tensor;
  /** [hidden, gates hidden] */
  weight: tf.Tensor;
  /** [gates hidden] */
  bias: tf.Tensor;
  /** [length, n], 1 where there is a word, else 0: the state passes there as it is. */
  present: tf.Tensor;
  /** Whether it reads from the last place to the first. */
  backwards: boolean;
}

export interface RecurrentGradient {
  projected: tf.Tensor;
  weight: tf.Tensor;
  bias: tf.Tensor;
}

/** The seam: both directions on one backend. The tensors given back are new and belong to the caller. */
export interface RecurrentKernel {
  /**
   * The last state [n, hidden], from a state of zeros, and what `backward` needs: first the states before each place,
   * [length, n, hidden].
   */
  forward(input: RecurrentInput): { last: tf.Tensor; saved: tf.Tensor[] };
  /** @param dStates [n, hidden] in the last state, or [length, n, hidden] in the states after each place */
  backward(dStates: tf.Tensor, input: RecurrentInput, saved: readonly tf.Tensor[]): RecurrentGradient;
}

/** The places of a text in the order in which they are read. */
export function readingOrder(length: number, backwards: boolean): number[] {
  return Array.from({ length }, (_, step) => (backwards ? length - 1 - step : step));
}
