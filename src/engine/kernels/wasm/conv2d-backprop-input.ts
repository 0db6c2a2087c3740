/** Conv2DBackpropInput: the gradient of a convolution in its input. */
import { Conv2DBackpropInput, type Conv2DBackpropInputAttrs } from '@tensorflow/tfjs-core';
import { convolutionPasses } from './convolution-method.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';
import { convolutionInfo } from './window-info.ts';

export const conv2dBackpropInput: WasmKernel = {
  name: Conv2DBackpropInput,
  run(instance, inputs, attributes) {
    const dy = floatInput(inputs, 'dy', Conv2DBackpropInput);
    const filter = floatInput(inputs, 'filter', Conv2DBackpropInput);
    const given = attributes as Conv2DBackpropInputAttrs;
    const info = convolutionInfo(given.inputShape, filter.shape, given);
    if (elementCount(info.outShape) * elementCount(given.inputShape) === 0)
      return zeroOutput(instance, given.inputShape);
    const dx = floatOutput(instance, given.inputShape);
    const geometry = instance.geometry(info);
    const passes = convolutionPasses(instance, info);
    const scratch = instance.scratch(passes.scratchBytes(geometry));
    passes.backpropInput(
      geometry,
      instance.address(dy),
      instance.address(filter),
      instance.address(dx),
      scratch,
    );
    return dx;
  },
};
