import * as tf from '@tensorflow/tfjs-core';

/**
 * Each group of neighbouring channels less its mean over the group and the plane, over its deviation, example by example
 * (Wu and He, Group Normalization, ECCV 2018, section 3.1). Its scale and shift are the caller’s. Differentiable in x.
 * @param x [n, height, width, channels]
 * @param groups share the channels evenly
 * @param epsilon added to the variance, above 0
 */
export function groupNormalized(x: tf.Tensor, groups: number, epsilon: number): tf.Tensor {
  const operation = tf.customGrad((...given) => {
    const [values, save] = given as unknown as [tf.Tensor4D, tf.GradSaveFunc];
    const rows = asRows(values);
    const centred = tf.sub<tf.Tensor3D>(rows, groupMeans(rows, groups));
    const variance = groupMeans(tf.square<tf.Tensor3D>(centred), groups);
    const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
    const normal = tf.mul<tf.Tensor3D>(centred, inverse);
    save([normal, inverse]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [z, scale] = saved as unknown as [tf.Tensor3D, tf.Tensor3D];
      return tf.tidy(() => {
        // dx = (g - mean(g) - z mean(g z)) / deviation
        const gradient = asRows(dy as tf.Tensor4D);
        const along = tf.mul(z, groupMeans(tf.mul<tf.Tensor3D>(gradient, z), groups));
        const rest = tf.sub(tf.sub(gradient, groupMeans(gradient, groups)), along);
        return tf.reshape(tf.mul(rest, scale), dy.shape);
      });
    };
    return { value: tf.reshape(normal, values.shape), gradFunc };
  });
  return operation(x);
}

/** [n, places, channels] */
function asRows(values: tf.Tensor4D): tf.Tensor3D {
  const [count, height, width, channels] = values.shape;
  return tf.reshape(values, [count, height * width, channels]);
}

/** The mean of each channel’s group over all places, [n, 1, channels]: two products, for sums over outer axes are slow. */
function groupMeans(rows: tf.Tensor3D, groups: number): tf.Tensor3D {
  const [, places, channels] = rows.shape;
  const sums = tf.matMul<tf.Tensor3D>(tf.ones([1, 1, places]), rows);
  const width = channels / groups;
  const share = 1 / (places * width);
  const groupOf = (channel: number): number => Math.floor(channel / width);
  const shares = Float32Array.from({ length: channels ** 2 }, (_, at) =>
    groupOf(Math.floor(at / channels)) === groupOf(at % channels) ? share : 0,
  );
  return tf.matMul(sums, tf.tensor3d(shares, [1, channels, channels]));
}
