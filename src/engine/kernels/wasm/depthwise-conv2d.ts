/**
 * DepthwiseConv2dNative: each input channel under filters of its own. x NHWC, filter [height, width, in, multiplier], y
 * [..., in * multiplier]; any stride, padding and dilation. The stock kernel keeps a packed copy of the filter, which
 * would not see updates in place.
 */
import { DepthwiseConv2dNative } from '@tensorflow/tfjs-core';
import { depthwiseShape, forwardPass, inputFrame } from './depthwise-tables.ts';
import { DepthwiseWorkspace, inFours, isPlain } from './depthwise-workspace.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel } from './kernel.ts';
import type { ConvolutionAttributes } from './window-info.ts';

export const depthwiseConv2d: WasmKernel = {
  name: DepthwiseConv2dNative,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', DepthwiseConv2dNative);
    const filter = floatInput(inputs, 'filter', DepthwiseConv2dNative);
    const s = depthwiseShape(x.shape, filter.shape, attributes as ConvolutionAttributes);
    const y = floatOutput(instance, s.outShape);
    if (elementCount(s.outShape) === 0) return y;
    const frame = inputFrame(s);
    const pass = inFours(forwardPass(s, frame));
    const outPixels = s.outHeight * s.outWidth;
    const space = new DepthwiseWorkspace(instance, s, {
      pixels: frame.height * frame.width + outPixels + s.filterHeight * s.filterWidth,
      tableEntries: 2 * pass.positions.length + pass.taps.length,
    });
    const { kernels } = instance;
    const placed = space.place(pass);
    const rows = space.filterRows(instance.address(filter));
    const whole = s.lanes === s.outChannels;
    const direct = whole && s.multiplier === 1 && isPlain(frame, s.inHeight, s.inWidth);
    const framed = direct ? 0 : space.pixels(frame.height * frame.width);
    const spread = whole ? 0 : space.pixels(outPixels);
    for (let image = 0; image < s.batchSize; image += 1) {
      const from = instance.address(x) + image * s.inHeight * s.inWidth * s.inChannels * 4;
      const to = instance.address(y) + image * outPixels * s.outChannels * 4;
      if (!direct) {
        const inside = framed + (frame.top * frame.width + frame.left) * s.lanes * 4;
        kernels.spreadPixels(
          from,
          s.inHeight,
          s.inWidth,
          s.inChannels,
          s.multiplier,
          inside,
          frame.width,
          s.lanes,
        );
      }
      kernels.sumTaps(
        direct ? from : framed,
        rows,
        whole ? to : spread,
        placed.positions,
        placed.outputs,
        placed.count,
        placed.taps,
        placed.tapCount,
        s.lanes,
      );
      if (!whole) kernels.foldPixels(spread, outPixels, s.outChannels, 1, s.lanes, to);
    }
    return y;
  },
};
