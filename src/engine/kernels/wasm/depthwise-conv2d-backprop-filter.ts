/** DepthwiseConv2dNativeBackpropFilter: the gradient of a depthwise convolution in its filter. */
import {
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
} from '@tensorflow/tfjs-core';
import {
  type DepthwiseShape,
  depthwiseShape,
  forwardPass,
  inputFrame,
  type Pass,
} from './depthwise-tables.ts';
import { DepthwiseWorkspace, isPlain } from './depthwise-workspace.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';

/** Positions that are summed in one go: few enough for single precision and for the cache. */
const BLOCK = 256;

export const depthwiseConv2dBackpropFilter: WasmKernel = {
  name: DepthwiseConv2dNativeBackpropFilter,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', DepthwiseConv2dNativeBackpropFilter);
    const dy = floatInput(inputs, 'dy', DepthwiseConv2dNativeBackpropFilter);
    const given = attributes as DepthwiseConv2dNativeBackpropFilterAttrs;
    const s = depthwiseShape(x.shape, given.filterShape, given);
    if (elementCount(s.outShape) * elementCount(given.filterShape) === 0) {
      return zeroOutput(instance, given.filterShape);
    }
    const gradient = floatOutput(instance, given.filterShape);
    const frame = inputFrame(s);
    const pass = inThrees(s, forwardPass(s, frame));
    const outPixels = s.outHeight * s.outWidth;
    const taps = s.filterHeight * s.filterWidth;
    const space = new DepthwiseWorkspace(instance, s, {
      pixels: frame.height * frame.width + outPixels + taps + 1,
      tableEntries: 2 * outPixels + pass.taps.length,
    });
    const { kernels } = instance;
    const { positions, outputs, taps: tapTable, tapCount } = space.place(pass);
    const rows = space.pixels(taps + 1);
    const whole = s.lanes === s.outChannels;
    const direct = whole && s.multiplier === 1 && isPlain(frame, s.inHeight, s.inWidth);
    const framed = direct ? 0 : space.pixels(frame.height * frame.width);
    const spread = whole ? 0 : space.pixels(outPixels);
    for (let image = 0; image < s.batchSize; image += 1) {
      const fromX = instance.address(x) + image * s.inHeight * s.inWidth * s.inChannels * 4;
      const fromDy = instance.address(dy) + image * outPixels * s.outChannels * 4;
      if (!direct) {
        const inside = framed + (frame.top * frame.width + frame.left) * s.lanes * 4;
        kernels.spreadPixels(
          fromX,
          s.inHeight,
          s.inWidth,
          s.inChannels,
          s.multiplier,
          inside,
          frame.width,
          s.lanes,
        );
      }
      if (!whole) {
        kernels.spreadPixels(fromDy, s.outHeight, s.outWidth, s.outChannels, 1, spread, s.outWidth, s.lanes);
      }
      for (let first = 0; first < outPixels; first += BLOCK) {
        kernels.sumTapGradients(
          direct ? fromX : framed,
          whole ? fromDy : spread,
          rows,
          positions + first * 4,
          outputs + first * 4,
          Math.min(BLOCK, outPixels - first),
          tapTable,
          tapCount,
          s.lanes,
        );
      }
    }
    kernels.foldPixels(rows, taps, s.outChannels, 1, s.lanes, instance.address(gradient));
    return gradient;
  },
};

/** Fills the taps up to whole threes; what the extra ones give goes into a row behind the gradient. */
function inThrees(s: DepthwiseShape, { positions, outputs, taps }: Pass): Pass {
  const count = s.filterHeight * s.filterWidth;
  const spare = count * s.lanes * 4;
  const extra = new Array<number[]>((3 - (count % 3)) % 3).fill([0, spare]);
  return { positions, outputs, taps: [...taps, ...extra.flat()] };
}
