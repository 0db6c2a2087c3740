/** DepthwiseConv2dNativeBackpropInput: the gradient of a depthwise convolution in its input. */
import {
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
} from '@tensorflow/tfjs-core';
import { depthwiseShape, gradientFrame, inputPasses } from './depthwise-tables.ts';
import { DepthwiseWorkspace, inFours } from './depthwise-workspace.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';

export const depthwiseConv2dBackpropInput: WasmKernel = {
  name: DepthwiseConv2dNativeBackpropInput,
  run(instance, inputs, attributes) {
    const dy = floatInput(inputs, 'dy', DepthwiseConv2dNativeBackpropInput);
    const filter = floatInput(inputs, 'filter', DepthwiseConv2dNativeBackpropInput);
    const given = attributes as DepthwiseConv2dNativeBackpropInputAttrs;
    const s = depthwiseShape(given.inputShape, filter.shape, given);
    if (elementCount(s.outShape) * elementCount(given.inputShape) === 0) {
      return zeroOutput(instance, given.inputShape);
    }
    const dx = floatOutput(instance, given.inputShape);
    const frame = gradientFrame(s);
    const passes = inputPasses(s, frame).map(inFours);
    const inPixels = s.inHeight * s.inWidth;
    const space = new DepthwiseWorkspace(instance, s, {
      pixels: frame.height * frame.width + inPixels + s.filterHeight * s.filterWidth,
      // Each of the three tables starts at a multiple of 16 bytes.
      tableEntries: passes.reduce((sum, pass) => sum + 2 * pass.positions.length + pass.taps.length + 12, 0),
    });
    const { kernels } = instance;
    const placed = passes.map((pass) => space.place(pass));
    const rows = space.filterRows(instance.address(filter));
    const framed = space.pixels(frame.height * frame.width);
    const inside = framed + (frame.top * frame.width + frame.left) * s.lanes * 4;
    const direct = s.multiplier === 1 && s.lanes === s.inChannels;
    const spread = direct ? 0 : space.pixels(inPixels);
    for (let image = 0; image < s.batchSize; image += 1) {
      const from = instance.address(dy) + image * s.outHeight * s.outWidth * s.outChannels * 4;
      const to = instance.address(dx) + image * inPixels * s.inChannels * 4;
      kernels.spreadPixels(from, s.outHeight, s.outWidth, s.outChannels, 1, inside, frame.width, s.lanes);
      for (const pass of placed) {
        kernels.sumTaps(
          framed,
          rows,
          direct ? to : spread,
          pass.positions,
          pass.outputs,
          pass.count,
          pass.taps,
          pass.tapCount,
          s.lanes,
        );
      }
      if (!direct) kernels.foldPixels(spread, inPixels, s.inChannels, s.multiplier, s.lanes, to);
    }
    return dx;
  },
};
