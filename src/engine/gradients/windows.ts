import * as tf from '@tensorflow/tfjs-core';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { type PoolingAttributes, poolingInfo } from '../kernels/wasm/window-info.ts';
import { requireDilations } from './dilations.ts';
import { one, run, saved } from './layers.ts';

/** NHWC only. */
const depthwiseConv2d: tf.GradConfig = {
  kernelName: 'DepthwiseConv2dNative',
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, [x, filter], attributes) => {
    const { strides, pad, dilations = 1, dimRoundingMode } = attributes as unknown as Record<string, unknown>;
    requireDilations(dilations, 'dilated depthwise convolution');
    const shared = { strides, pad, dilations, dimRoundingMode };
    return {
      x: () =>
        run(
          'DepthwiseConv2dNativeBackpropInput',
          { dy: one(dy), filter: saved(filter) },
          { ...shared, inputShape: saved(x).shape },
        ),
      filter: () =>
        run(
          'DepthwiseConv2dNativeBackpropFilter',
          { x: saved(x), dy: one(dy) },
          { ...shared, filterShape: saved(filter).shape },
        ),
    };
  },
};

const averagePool: tf.GradConfig = {
  kernelName: 'AvgPool',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as PoolingAttributes;
    const given = { filterSize, strides, pad, dimRoundingMode };
    const scaled = () => (hasWasmKernels() ? one(dy) : tf.mul(one(dy), cutWindows(saved(x).shape, given)));
    return { x: () => run('AvgPoolGrad', { dy: scaled(), input: saved(x) }, given) };
  },
};

/**
 * [1, height, width, 1] of the output: the window's size over how much of it lies inside the image. The stock kernels
 * average over the inside, yet their gradients share dy among the whole window.
 */
function cutWindows(shape: readonly number[], attributes: PoolingAttributes): tf.Tensor {
  const info = poolingInfo(shape, attributes);
  const inside = (out: number, stride: number, pad: number, window: number, size: number) =>
    Array.from({ length: out }, (_, index) => {
      const from = index * stride - pad;
      return Math.max(1, Math.min(size, from + window) - Math.max(0, from));
    });
  const { padInfo, filterHeight, filterWidth } = info;
  const rows = inside(info.outHeight, info.strideHeight, padInfo.top, filterHeight, info.inHeight);
  const columns = inside(info.outWidth, info.strideWidth, padInfo.left, filterWidth, info.inWidth);
  const factors = rows.flatMap((row) =>
    columns.map((column) => (filterHeight * filterWidth) / (row * column)),
  );
  return tf.tensor4d(factors, [1, info.outHeight, info.outWidth, 1]);
}

export const windowGradients: tf.GradConfig[] = [depthwiseConv2d, averagePool];
