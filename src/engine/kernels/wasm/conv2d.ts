/** Conv2D: y = x convolved with filter. x NHWC, filter [height, width, in, out]; any stride, padding and dilation. */
import { Conv2D } from '@tensorflow/tfjs-core';
import { convolutionPasses } from './convolution-method.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel } from './kernel.ts';
import { type ConvolutionAttributes, convolutionInfo } from './window-info.ts';

export const conv2d: WasmKernel = {
  name: Conv2D,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', Conv2D);
    const filter = floatInput(inputs, 'filter', Conv2D);
    const info = convolutionInfo(x.shape, filter.shape, attributes as ConvolutionAttributes);
    const y = floatOutput(instance, info.outShape);
    if (elementCount(info.outShape) === 0) return y;
    const geometry = instance.geometry(info);
    const passes = convolutionPasses(instance, info);
    const scratch = instance.scratch(passes.scratchBytes(geometry));
    passes.forward(geometry, instance.address(x), instance.address(filter), instance.address(y), scratch);
    return y;
  },
};
