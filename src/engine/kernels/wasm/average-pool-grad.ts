/**
 * AvgPoolGrad: each dy in equal shares to the values inside its window. The stock kernel divides by the whole window
 * even where the image's edge cuts it, which is not the gradient of what it computes forward.
 */
import { AvgPoolGrad } from '@tensorflow/tfjs-core';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';
import { type PoolingAttributes, poolingInfo } from './window-info.ts';

export const averagePoolGrad: WasmKernel = {
  name: AvgPoolGrad,
  run(instance, inputs, attributes) {
    const dy = floatInput(inputs, 'dy', AvgPoolGrad);
    const x = floatInput(inputs, 'input', AvgPoolGrad);
    const info = poolingInfo(x.shape, attributes as PoolingAttributes);
    if (elementCount(info.outShape) * elementCount(x.shape) === 0) return zeroOutput(instance, x.shape);
    const dx = floatOutput(instance, x.shape);
    instance.kernels.averagePoolBackprop(instance.geometry(info), instance.address(dy), instance.address(dx));
    return dx;
  },
};
