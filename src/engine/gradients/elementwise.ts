import * as tf from '@tensorflow/tfjs-core';
import { hasWebgpuKernels } from '../kernels/webgpu/api.ts';
import { reluGradient } from '../kernels/webgpu/direct.ts';

type Gradients = Record<string, () => tf.Tensor>;

/** Sums a gradient over the axes along which its input was broadcast, back to the input's shape. */
export function unbroadcast(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  const extra = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((side, axis) =>
    axis < extra || (shape[axis - extra] === 1 && side !== 1) ? [axis] : [],
  );
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), [...shape]);
}

function binary(
  kernelName: string,
  derivative: (dy: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => { a: () => tf.Tensor; b: () => tf.Tensor },
): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, saved): Gradients => {
      const [a, b] = saved;
      if (!a || !b || Array.isArray(dy)) throw new Error(`${kernelName} takes two inputs and has one output`);
      const parts = derivative(dy, a, b);
      return { a: () => unbroadcast(parts.a(), a.shape), b: () => unbroadcast(parts.b(), b.shape) };
    },
  };
}

function unary(
  kernelName: string,
  save: 'input' | 'output',
  derivative: (dy: tf.Tensor, value: tf.Tensor) => tf.Tensor,
): tf.GradConfig {
  return {
    kernelName,
    ...(save === 'input' ? { inputsToSave: ['x'] } : { outputsToSave: [true] }),
    gradFunc: (dy, [value]): Gradients => {
      if (!value || Array.isArray(dy)) throw new Error(`${kernelName} has one input and one output`);
      return { x: () => derivative(dy, value) };
    },
  };
}

export const elementwiseGradients: tf.GradConfig[] = [
  binary('Add', (dy) => ({ a: () => dy, b: () => dy })),
  binary('Sub', (dy) => ({ a: () => dy, b: () => tf.neg(dy) })),
  binary('Multiply', (dy, a, b) => ({ a: () => tf.mul(dy, b), b: () => tf.mul(dy, a) })),
  binary('RealDiv', (dy, a, b) => ({
    a: () => tf.div(dy, b),
    b: () => tf.neg(tf.div(tf.mul(dy, a), tf.square(b))),
  })),
  unary('Neg', 'input', (dy) => tf.neg(dy)),
  unary('Square', 'input', (dy, x) => tf.mul(dy, tf.mul(x, 2))),
  unary('Sqrt', 'output', (dy, y) => tf.div(dy, tf.mul(y, 2))),
  unary('Exp', 'output', (dy, y) => tf.mul(dy, y)),
  unary('Log', 'input', (dy, x) => tf.div(dy, x)),
  unary('Tanh', 'output', (dy, y) => tf.mul(dy, tf.sub(1, tf.square(y)))),
  unary('Sigmoid', 'output', (dy, y) => tf.mul(dy, tf.mul(y, tf.sub(1, y)))),
  unary('Relu', 'output', (dy, y) => (hasWebgpuKernels() ? reluGradient(dy, y) : tf.mul(dy, tf.step(y)))),
];
