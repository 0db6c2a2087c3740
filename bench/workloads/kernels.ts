/** Single kernels: matrix product and convolutions, run as the backend registers them. */
import * as tf from '@tensorflow/tfjs-core';
import { MATMUL_SIDE, type MicroConvolution, microConvolution } from '../micro-shapes.ts';
import type { Bout } from '../station.ts';
import type { StepName } from '../workload-list.ts';
import { noise } from './inputs.ts';

function noiseTensor(shape: number[], purpose: string): tf.Tensor {
  return tf.tensor(noise(tf.util.sizeFromShape(shape), purpose), shape);
}

/** What the kernel computes, and on which tensors; null for a workload that is more than one kernel. */
function kernelOf(name: StepName): { inputs: tf.Tensor[]; run: () => tf.Tensor } | null {
  if (name === 'matmul_512') {
    const a = noiseTensor([MATMUL_SIDE, MATMUL_SIDE], 'a');
    const b = noiseTensor([MATMUL_SIDE, MATMUL_SIDE], 'b');
    return { inputs: [a, b], run: () => tf.matMul(a, b) };
  }
  const shape = microConvolution(name);
  return shape && convolution(shape);
}

function convolution({ input, filter: filterShape, padding, part }: MicroConvolution) {
  const x = noiseTensor(input, 'x') as tf.Tensor4D;
  const filter = noiseTensor(filterShape, 'filter') as tf.Tensor4D;
  const dy = tf.conv2d(x, filter, 1, padding);
  const inputs = [x, filter, dy];
  const shared = { strides: [1, 1], pad: padding, dataFormat: 'NHWC', dimRoundingMode: undefined };
  const kernel = (kernelName: string, given: Record<string, tf.Tensor>, more: Record<string, unknown>) =>
    tf.engine().runKernel<tf.Tensor>(kernelName, given, { ...shared, ...more } as unknown as tf.NamedAttrMap);
  switch (part) {
    case 'forward':
      return { inputs, run: () => tf.conv2d(x, filter, 1, padding) };
    case 'input_gradient':
      return { inputs, run: () => kernel('Conv2DBackpropInput', { dy, filter }, { inputShape: input }) };
    case 'filter_gradient':
      return { inputs, run: () => kernel('Conv2DBackpropFilter', { x, dy }, { filterShape }) };
  }
}

export function kernelBout(name: StepName): Bout | null {
  const kernel = kernelOf(name);
  if (!kernel) return null;
  let last: tf.Tensor | null = null;
  return {
    step: () => {
      last?.dispose();
      last = tf.tidy(kernel.run);
      return Promise.resolve();
    },
    settle: settling(() => last),
    dispose: () => tf.dispose([...kernel.inputs, ...(last ? [last] : [])]),
  };
}

/** On a GPU, waits until a tensor is computed by reading one of its values; null where results are there at once. */
export function settling(tensor: () => tf.Tensor | null): Bout['settle'] {
  if (!tf.getBackend().startsWith('webg')) return null;
  return async () => {
    const waited = tensor();
    if (!waited) return;
    const value = tf.tidy(() => tf.slice(tf.reshape(waited, [-1]), 0, 1));
    await value.data();
    value.dispose();
  };
}
