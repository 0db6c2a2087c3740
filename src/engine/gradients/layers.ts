import * as tf from '@tensorflow/tfjs-core';
import { requireDilations } from './dilations.ts';

/** Runs a kernel by its name. */
export const run = (
  kernel: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
): tf.Tensor => tf.engine().runKernel(kernel, inputs, attributes as tf.NamedAttrMap);

/** The gradient of an operation with one output. */
export function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  if (Array.isArray(dy)) throw new Error('this operation has one output');
  return dy;
}

/** A tensor that the forward pass kept. */
export function saved(tensor: tf.Tensor | undefined): tf.Tensor {
  if (!tensor) throw new Error('the forward pass saved too few tensors');
  return tensor;
}

/** NHWC only, as everything in the engine. */
const conv2d: tf.GradConfig = {
  kernelName: 'Conv2D',
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, [x, filter], attributes) => {
    const {
      strides,
      pad,
      dataFormat,
      dilations = 1,
      dimRoundingMode,
    } = attributes as unknown as Record<string, unknown>;
    requireDilations(dilations, 'dilated convolution');
    const shared = { strides, pad, dataFormat, dilations, dimRoundingMode };
    return {
      x: () =>
        run(
          'Conv2DBackpropInput',
          { dy: one(dy), filter: saved(filter) },
          { ...shared, inputShape: saved(x).shape },
        ),
      filter: () =>
        run(
          'Conv2DBackpropFilter',
          { x: saved(x), dy: one(dy) },
          { ...shared, filterShape: saved(filter).shape },
        ),
    };
  },
};

const maxPool: tf.GradConfig = {
  kernelName: 'MaxPool',
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, [x, y], attributes) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as Record<string, unknown>;
    return {
      x: () =>
        run(
          'MaxPoolGrad',
          { dy: one(dy), input: saved(x), output: saved(y) },
          { filterSize, strides, pad, dimRoundingMode },
        ),
    };
  },
};

/** C = op(A) op(B): each gradient is again one product, in the transpose form that needs no copy. */
const matMul: tf.GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (gradient, [left, right], attributes) => {
    const { transposeA, transposeB } = attributes as unknown as { transposeA: boolean; transposeB: boolean };
    const dy = one(gradient);
    const a = saved(left);
    const b = saved(right);
    return {
      a: () => (transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB)),
      b: () => (transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false)),
    };
  },
};

/** d/dx = dy - softmax(x) * sum(dy), along the last axis. */
const logSoftmax: tf.GradConfig = {
  kernelName: 'LogSoftmax',
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({
    logits: () => tf.sub(one(dy), tf.mul(tf.exp(saved(y)), tf.sum(one(dy), -1, true))),
  }),
};

export const layerGradients: tf.GradConfig[] = [conv2d, maxPool, matMul, logSoftmax];
