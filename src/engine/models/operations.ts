import * as tf from '@tensorflow/tfjs-core';
import { hasWebgpuKernels } from '../kernels/webgpu/api.ts';
import { channelSums } from '../kernels/webgpu/direct.ts';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { biased, biasedGradients } from '../kernels/wasm/bias.ts';

/** x + bias [channels] along the last axis. Differentiable in both. */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return hasWasmKernels() ? fusedBias(x, bias, false) : composedBias(x, bias);
}

/** The same with what is negative set to 0: one pass forward and one backward where the backend has such a kernel. */
export function addBiasRelu(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return hasWasmKernels() ? fusedBias(x, bias, true) : tf.relu(composedBias(x, bias));
}

function fusedBias(x: tf.Tensor, bias: tf.Tensor, relu: boolean): tf.Tensor {
  const operation = tf.customGrad((input, added, save) => {
    const y = biased(input as tf.Tensor, added as tf.Tensor, relu);
    const channels = (added as tf.Tensor).size;
    if (relu) (save as tf.GradSaveFunc)([y]);
    const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor[] => {
      const { dx, dBias } = biasedGradients(dy, saved ?? null, channels);
      return [dx, dBias];
    };
    return { value: y, gradFunc };
  });
  return operation(x, bias);
}

/**
 * The gradient of the bias is a product with a row of ones: the stock gradient reduces the outer axes, for which some
 * backends first transpose the whole activation.
 */
function composedBias(input: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const operation = tf.customGrad((x, b) => {
    const shape = (b as tf.Tensor).shape;
    const gradFunc = (dy: tf.Tensor): tf.Tensor[] => {
      if (hasWebgpuKernels()) return [dy, channelSums(dy)];
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
