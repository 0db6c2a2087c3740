/** Conv2DBackpropFilter: the gradient of a convolution in its filter. The stock wasm backend has none. */
import { Conv2DBackpropFilter, type Conv2DBackpropFilterAttrs } from '@tensorflow/tfjs-core';
import { convolutionPasses } from './convolution-method.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';
import { convolutionInfo } from './window-info.ts';

export const conv2dBackpropFilter: WasmKernel = {
  name: Conv2DBackpropFilter,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', Conv2DBackpropFilter);
    const dy = floatInput(inputs, 'dy', Conv2DBackpropFilter);
    const given = attributes as Conv2DBackpropFilterAttrs;
    const info = convolutionInfo(x.shape, given.filterShape, given);
    if (elementCount(info.outShape) * elementCount(given.filterShape) === 0)
      return zeroOutput(instance, given.filterShape);
    const gradient = floatOutput(instance, given.filterShape);
    const geometry = instance.geometry(info);
    const passes = convolutionPasses(instance, info);
    const scratch = instance.scratch(passes.scratchBytes(geometry));
    passes.backpropFilter(
      geometry,
      instance.address(x),
      instance.address(dy),
      instance.address(gradient),
      scratch,
    );
    return gradient;
  },
};
