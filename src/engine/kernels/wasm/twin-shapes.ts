/** Random window shapes for tests: uneven sizes, strides 1 to 3, every kind of padding. */
import type { TestNumbers } from './test-support.ts';
import { convolutionInfo, type ConvolutionAttributes } from './window-info.ts';

export interface WindowShape {
  batch: number;
  inHeight: number;
  inWidth: number;
  inChannels: number;
  outHeight: number;
  outWidth: number;
  outChannels: number;
  windowHeight: number;
  windowWidth: number;
  strideHeight: number;
  strideWidth: number;
  dilation: number;
  padTop: number;
  padLeft: number;
}

export interface ConvolutionCase {
  shape: WindowShape;
  attributes: ConvolutionAttributes & { strides: [number, number] };
  label: string;
}

export function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`index ${index} of ${values.length}`);
  return value;
}

/** Draws a convolution that has at least one output; `dilation` above 1 only together with stride 1. */
export function drawConvolution(numbers: TestNumbers, dilation = 1): ConvolutionCase {
  const windowHeight = numbers.integer(1, 5);
  const numberPad = numbers.next() < 0.25;
  // With one number for all sides, TensorFlow.js works out the width from the window's height.
  const windowWidth = numberPad ? windowHeight : numbers.integer(1, 5);
  const inputShape: [number, number, number, number] = [
    numbers.integer(1, 5),
    numbers.integer(0, 8) + (windowHeight - 1) * dilation + 1,
    numbers.integer(0, 8) + (windowWidth - 1) * dilation + 1,
    numbers.integer(1, 13),
  ];
  const outChannels = numbers.integer(1, 19);
  const strides: [number, number] = dilation > 1 ? [1, 1] : [numbers.integer(1, 3), numbers.integer(1, 3)];
  const pads: ConvolutionAttributes['pad'][] = [
    'valid',
    'same',
    [
      [0, 0],
      [numbers.integer(0, 2), numbers.integer(0, 3)],
      [numbers.integer(0, 3), numbers.integer(0, 2)],
      [0, 0],
    ],
  ];
  const attributes = {
    strides,
    pad: numberPad ? numbers.integer(0, 2) : (pads[numbers.integer(0, pads.length - 1)] ?? 'valid'),
    dilations: dilation,
    dataFormat: 'NHWC' as const,
    dimRoundingMode: 'floor' as const,
  };
  return convolutionCase(inputShape, [windowHeight, windowWidth, inputShape[3], outChannels], attributes);
}

export function convolutionCase(
  inputShape: [number, number, number, number],
  filterShape: [number, number, number, number],
  attributes: ConvolutionCase['attributes'],
): ConvolutionCase {
  const info = convolutionInfo(inputShape, filterShape, attributes);
  return {
    attributes,
    label: `x [${inputShape.join()}] filter [${filterShape.join()}] ${JSON.stringify(attributes)}`,
    shape: {
      batch: info.batchSize,
      inHeight: info.inHeight,
      inWidth: info.inWidth,
      inChannels: info.inChannels,
      outHeight: info.outHeight,
      outWidth: info.outWidth,
      outChannels: info.outChannels,
      windowHeight: info.filterHeight,
      windowWidth: info.filterWidth,
      strideHeight: info.strideHeight,
      strideWidth: info.strideWidth,
      dilation: info.dilationHeight,
      padTop: info.padInfo.top,
      padLeft: info.padInfo.left,
    },
  };
}
