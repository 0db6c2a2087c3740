/**
 * Where the windows of a depthwise convolution start and which taps they have, as tables for assembly/depthwise.ts, in
 * bytes from the start of an image whose pixels hold `lanes` floats.
 */
import { backend_util } from '@tensorflow/tfjs-core';
import { type ConvolutionAttributes, convolutionInfo, type WindowInfo } from './window-info.ts';

export interface DepthwiseShape extends WindowInfo {
  /** Output channels of one input channel. */
  multiplier: number;
  /** Floats of a pixel inside the kernels: the output channels, and zeros up to a multiple of 8. */
  lanes: number;
}

/** @throws LabError E-SHAPE for images that are not NHWC */
export function depthwiseShape(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): DepthwiseShape {
  const { strides, pad, dilations, dimRoundingMode } = attributes;
  const [height = 0, width = 0, channels = 0, multiplier = 0] = filterShape;
  // Refuses other orders of the axes; the shape itself is worked out for depthwise filters below.
  convolutionInfo(inputShape, [height, width, channels, multiplier], attributes);
  const info = backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    true,
  );
  return { ...info, multiplier, lanes: Math.ceil(info.outChannels / 8) * 8 };
}

/** A padded image: its size, and where the image itself starts in it, in pixels. */
export interface Frame {
  height: number;
  width: number;
  top: number;
  left: number;
}

/** One call of the kernel. */
export interface Pass {
  /** Byte offsets of the windows in the framed image. */
  positions: number[];
  /** Byte offsets of what belongs to them in the other image. */
  outputs: number[];
  /** Pairs of byte offsets: in the framed image from the position, and in the filter. */
  taps: number[];
}

/** The input as windows read it: with its padding, or as it is where no window leaves it. */
export function inputFrame(s: DepthwiseShape): Frame {
  const { top, left } = s.padInfo;
  const reachY = (s.outHeight - 1) * s.strideHeight + (s.filterHeight - 1) * s.dilationHeight + 1;
  const reachX = (s.outWidth - 1) * s.strideWidth + (s.filterWidth - 1) * s.dilationWidth + 1;
  return { top, left, height: Math.max(top + s.inHeight, reachY), width: Math.max(left + s.inWidth, reachX) };
}

/** Every output from its window of the input. */
export function forwardPass(s: DepthwiseShape, frame: Frame): Pass {
  const pass: Pass = { positions: [], outputs: [], taps: [] };
  const pixel = s.lanes * 4;
  for (let y = 0; y < s.outHeight; y += 1) {
    for (let x = 0; x < s.outWidth; x += 1) {
      pass.positions.push((y * s.strideHeight * frame.width + x * s.strideWidth) * pixel);
      pass.outputs.push((y * s.outWidth + x) * pixel);
    }
  }
  for (let y = 0; y < s.filterHeight; y += 1) {
    for (let x = 0; x < s.filterWidth; x += 1) {
      pass.taps.push((y * s.dilationHeight * frame.width + x * s.dilationWidth) * pixel);
      pass.taps.push((y * s.filterWidth + x) * pixel);
    }
  }
  return pass;
}

/** The output's gradient as the inputs read it, with zeros for windows that there are none of. */
export function gradientFrame(s: DepthwiseShape): Frame {
  const margin = (window: number, dilation: number, pad: number, stride: number) =>
    Math.max(0, Math.ceil(((window - 1) * dilation - pad) / stride));
  const last = (inSize: number, pad: number, stride: number) => Math.floor((inSize - 1 + pad) / stride) + 1;
  const { padInfo } = s;
  const top = margin(s.filterHeight, s.dilationHeight, padInfo.top, s.strideHeight);
  const left = margin(s.filterWidth, s.dilationWidth, padInfo.left, s.strideWidth);
  return {
    top,
    left,
    height: top + Math.max(s.outHeight, last(s.inHeight, padInfo.top, s.strideHeight)),
    width: left + Math.max(s.outWidth, last(s.inWidth, padInfo.left, s.strideWidth)),
  };
}

/**
 * Every input from the outputs whose windows hold it. With stride, inputs of one phase (their padded place modulo the
 * stride) see the same taps: one pass for each.
 */
export function inputPasses(s: DepthwiseShape, frame: Frame): Pass[] {
  const passes: Pass[] = [];
  const pixel = s.lanes * 4;
  for (let phaseY = 0; phaseY < s.strideHeight; phaseY += 1) {
    const rows = phased(s.inHeight, s.padInfo.top, s.strideHeight, phaseY);
    const tapRows = phasedTaps(s.filterHeight, s.dilationHeight, s.strideHeight, phaseY);
    for (let phaseX = 0; phaseX < s.strideWidth; phaseX += 1) {
      const columns = phased(s.inWidth, s.padInfo.left, s.strideWidth, phaseX);
      const tapColumns = phasedTaps(s.filterWidth, s.dilationWidth, s.strideWidth, phaseX);
      const pass: Pass = { positions: [], outputs: [], taps: [] };
      for (const row of rows)
        for (const column of columns) {
          pass.positions.push(((row.step + frame.top) * frame.width + column.step + frame.left) * pixel);
          pass.outputs.push((row.index * s.inWidth + column.index) * pixel);
        }
      for (const row of tapRows)
        for (const column of tapColumns) {
          pass.taps.push(-(row.step * frame.width + column.step) * pixel);
          pass.taps.push((row.index * s.filterWidth + column.index) * pixel);
        }
      if (pass.positions.length > 0) passes.push(pass);
    }
  }
  return passes;
}

interface Phased {
  index: number;
  /** Whole strides up to it. */
  step: number;
}

/** The places of one axis whose padded index leaves `phase` over when divided by the stride. */
function phased(size: number, pad: number, stride: number, phase: number): Phased[] {
  const places: Phased[] = [];
  for (let index = 0; index < size; index += 1) {
    if ((index + pad) % stride === phase) places.push({ index, step: Math.floor((index + pad) / stride) });
  }
  return places;
}

function phasedTaps(window: number, dilation: number, stride: number, phase: number): Phased[] {
  const taps: Phased[] = [];
  for (let index = 0; index < window; index += 1) {
    const place = index * dilation;
    if (place % stride === phase) taps.push({ index, step: Math.floor(place / stride) });
  }
  return taps;
}
