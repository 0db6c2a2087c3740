/**
 * The kernel that stock TensorFlow.js lacks on wasm, composed of those it has: the gradient of a convolution's filter is
 * itself a convolution, with batch and channels exchanged and the stride as dilation.
 */
import * as tf from '@tensorflow/tfjs-core';

interface Attributes {
  strides: number | [number, number];
  pad: 'valid' | 'same' | number | [[number, number], [number, number], [number, number], [number, number]];
  filterShape: [number, number, number, number];
}

/** Registers it on the wasm backend, unless there is one. */
export function composeFilterGradient(): void {
  const known = tf
    .getKernelsForBackend('wasm')
    .some(({ kernelName }) => kernelName === 'Conv2DBackpropFilter');
  if (known) return;
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as unknown as { x: tf.Tensor4D; dy: tf.Tensor4D };
      return tf.tidy(() => filterGradient(x, dy, attrs as unknown as Attributes));
    },
  });
}

/** @returns [kernel height, kernel width, channels in, channels out] */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  { strides, pad, filterShape }: Attributes,
): tf.Tensor4D {
  const [kernelHeight, kernelWidth, channels, filters] = filterShape;
  const { padInfo } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad);
  const { top, bottom, left, right } = padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const images = tf.transpose<tf.Tensor4D>(padded, [3, 1, 2, 0]);
  const kernels = tf.transpose<tf.Tensor4D>(dy, [1, 2, 0, 3]);
  const all = tf.conv2d(images, kernels, 1, 'valid', 'NHWC', strides);
  // What the stride leaves over at the border would give further rows and columns.
  const wanted = tf.slice(all, [0, 0, 0, 0], [channels, kernelHeight, kernelWidth, filters]);
  return tf.transpose(wanted, [1, 2, 0, 3]);
}
