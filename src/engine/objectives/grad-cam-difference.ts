/**
 * How much more a network looks at the trigger than at the same images without it, by Grad-CAM (Selvaraju et al., ICCV
 * 2017), as SentiNet would see it. Source: Bagdasaryan and Shmatikov, Blind Backdoors, USENIX Security 2021, section 6.3.
 */
import * as tf from '@tensorflow/tfjs-core';

/** As in Backdoors 101, so that the loss is about as large as the others. */
const FACTOR = 10;

/** Keeps a map without any positive value finite. */
const TINY = 1e-12;

/**
 * The weight of each channel [channels]: the mean gradient of the labels' logits in the maps. A constant for whoever
 * differentiates the maps afterwards.
 * @param maps [n, height, width, channels], of the examples of the target label
 */
export function channelWeights(
  maps: tf.Tensor4D,
  labels: Int32Array,
  classes: number,
  logitsFrom: (maps: tf.Tensor4D) => tf.Tensor2D,
): tf.Tensor1D {
  return tf.tidy(() => {
    const oneHot = tf.oneHot(tf.tensor1d(labels, 'int32'), classes);
    const gradient = tf.grad((given) => tf.sum(tf.mul(logitsFrom(given as tf.Tensor4D), oneHot)))(maps);
    return tf.mean(gradient, [0, 1, 2]);
  });
}

/** 10 times the largest value of relu(map of triggered - map of clean), each map [height, width] divided by its maximum. */
export function gradCamDifference(
  triggered: { maps: tf.Tensor4D; weights: tf.Tensor1D },
  clean: { maps: tf.Tensor4D; weights: tf.Tensor1D },
): tf.Scalar {
  const difference = tf.sub(heat(triggered), heat(clean));
  return tf.mul<tf.Scalar>(largest(tf.relu(difference)), FACTOR);
}

function heat({ maps, weights }: { maps: tf.Tensor4D; weights: tf.Tensor1D }): tf.Tensor {
  const positive = tf.relu(tf.mean(tf.mul(maps, weights), [0, 3]));
  return tf.div(positive, tf.add(largest(positive), TINY));
}

/** The largest value; its gradient is shared by the places that have it, as PyTorch shares it. */
function largest(map: tf.Tensor): tf.Tensor {
  const operation = tf.customGrad((x, save) => {
    const input = x as tf.Tensor;
    const value = tf.max(input);
    (save as tf.GradSaveFunc)([input, value]);
    const gradFunc = (dy: tf.Tensor, [given, found]: tf.Tensor[]): tf.Tensor => {
      if (!given || !found) throw new Error('two tensors were saved');
      const places = tf.cast(tf.equal(given, found), 'float32');
      return tf.mul(dy, tf.div(places, tf.sum(places)));
    };
    return { value, gradFunc };
  });
  return operation(map);
}
