/** AvgPool: the mean of what lies inside the image under each window. */
import { AvgPool } from '@tensorflow/tfjs-core';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';
import { type PoolingAttributes, poolingInfo } from './window-info.ts';

export const averagePool: WasmKernel = {
  name: AvgPool,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', AvgPool);
    const info = poolingInfo(x.shape, attributes as PoolingAttributes);
    if (elementCount(info.outShape) * elementCount(x.shape) === 0) return zeroOutput(instance, info.outShape);
    const y = floatOutput(instance, info.outShape);
    instance.kernels.averagePool(instance.geometry(info), instance.address(x), instance.address(y));
    return y;
  },
};
