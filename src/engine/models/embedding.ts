import * as tf from '@tensorflow/tfjs-core';

/** The number that fills up short texts; its vector is never learnt. */
const NO_WORD = 0;

/**
 * The rows of a table [vocabulary, features] by word numbers [n, length], which may be float32: [n, length, features].
 * Differentiable in the table; the row of 0 has no gradient (torch.nn.Embedding with padding_idx 0).
 * @throws LabError E-SHAPE on the wasm backend for a number outside the table
 */
export function embed(table: tf.Tensor, words: tf.Tensor): tf.Tensor {
  const [rows = 0, features = 0] = table.shape;
  const operation = tf.customGrad((...given) => {
    const [values, save] = given as unknown as [tf.Tensor, tf.GradSaveFunc];
    const ids = tf.reshape(tf.cast(words, 'int32'), [words.size]);
    const known = tf.reshape(tf.cast(tf.notEqual(ids, NO_WORD), 'float32'), [words.size, 1]);
    save([ids, known]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor =>
      tf.tidy(() => {
        const [places, counts] = saved as [tf.Tensor1D, tf.Tensor2D];
        const gradient = tf.mul(tf.reshape(dy, [places.size, features]), counts);
        return tf.unsortedSegmentSum(gradient, places, rows);
      });
    return { value: tf.reshape(tf.gather(values, ids), [...words.shape, features]), gradFunc };
  });
  return operation(table);
}

/** [n, length] with a 1 where there is a word and a 0 where there is none. */
export function presence(words: tf.Tensor): tf.Tensor2D {
  return tf.cast<tf.Tensor2D>(tf.notEqual(words, NO_WORD), 'float32');
}
