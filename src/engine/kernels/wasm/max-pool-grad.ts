/** MaxPoolGrad: each dy goes to the first largest value of its window. */
import { MaxPoolGrad } from '@tensorflow/tfjs-core';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';
import { type PoolingAttributes, poolingInfo } from './window-info.ts';

export const maxPoolGrad: WasmKernel = {
  name: MaxPoolGrad,
  run(instance, inputs, attributes) {
    const dy = floatInput(inputs, 'dy', MaxPoolGrad);
    const x = floatInput(inputs, 'input', MaxPoolGrad);
    const info = poolingInfo(x.shape, attributes as PoolingAttributes);
    if (elementCount(info.outShape) * elementCount(x.shape) === 0) return zeroOutput(instance, x.shape);
    const dx = floatOutput(instance, x.shape);
    const geometry = instance.geometry(info);
    instance.kernels.maxPoolBackprop(
      geometry,
      instance.address(dy),
      instance.address(x),
      instance.address(dx),
    );
    return dx;
  },
};
