/** MaxPool: the largest value inside the image under each window. */
import { MaxPool } from '@tensorflow/tfjs-core';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';
import { type PoolingAttributes, poolingInfo } from './window-info.ts';

export const maxPool: WasmKernel = {
  name: MaxPool,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', MaxPool);
    const info = poolingInfo(x.shape, attributes as PoolingAttributes);
    if (elementCount(info.outShape) * elementCount(x.shape) === 0) return zeroOutput(instance, info.outShape);
    const y = floatOutput(instance, info.outShape);
    instance.kernels.maxPool(instance.geometry(info), instance.address(x), instance.address(y));
    return y;
  },
};
