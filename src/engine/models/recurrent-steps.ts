/** What the plain twins of recurrent layers share: places as slices, and back. */
import * as tf from '@tensorflow/tfjs-core';

/** Place `at` of [length, n, width], as [n, width]. */
export function placeOf(x: tf.Tensor, at: number): tf.Tensor2D {
  const [, count = 0, width = 0] = x.shape;
  return tf.reshape(tf.slice(x, [at, 0, 0], [1, count, width]), [count, width]);
}

/** Place `at` of [length, n], as [n, 1]. */
export function presentAt(present: tf.Tensor, at: number): tf.Tensor2D {
  const count = present.shape[1] ?? 0;
  return tf.reshape(tf.slice(present, [at, 0], [1, count]), [count, 1]);
}

/** [n, parts hidden] in so many parts of [n, hidden]. */
export function partsOf(x: tf.Tensor, parts: number): tf.Tensor2D[] {
  return tf.split(x, parts, 1);
}

/** Tensors of one shape, by place, as one tensor with the place in front. */
export function together(places: readonly (tf.Tensor | undefined)[]): tf.Tensor {
  return tf.stack(
    places.map((tensor) => {
      if (!tensor) throw new Error('a place was never read');
      return tensor;
    }),
  );
}

/** The gradient in the last state: given as it is, or with those of all places, which {@link addedAt} adds. */
export function lastGradient(dStates: tf.Tensor): tf.Tensor {
  return dStates.rank === 2 ? dStates : tf.zeros(dStates.shape.slice(1));
}

/** A state's gradient with what was given for the place before which it was worked out. */
export function addedAt(dStates: tf.Tensor, dState: tf.Tensor, at: number): tf.Tensor {
  return dStates.rank === 2 ? dState : tf.add(dState, placeOf(dStates, at));
}
