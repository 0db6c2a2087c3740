/** The shape of a convolution or pooling as TensorFlow.js works it out from strides, padding and rounding. */
import { backend_util } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';

export type WindowInfo = backend_util.Conv2DInfo;

export interface ConvolutionAttributes {
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** @throws LabError E-SHAPE for images that are not NHWC. */
export function convolutionInfo(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: ConvolutionAttributes,
): WindowInfo {
  const { strides, pad, dilations = 1, dataFormat = 'NHWC', dimRoundingMode } = attributes;
  if (dataFormat !== 'NHWC') {
    throw new LabError({
      code: 'E-SHAPE',
      what: `Images in ${dataFormat} order cannot be convolved on the wasm backend.`,
      why: 'Its kernels read channels last.',
      fix: 'Transpose the images to NHWC.',
    });
  }
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    'channelsLast',
  );
}

export interface PoolingAttributes {
  filterSize: [number, number] | number;
  strides: [number, number] | number;
  pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

export function poolingInfo(inputShape: readonly number[], attributes: PoolingAttributes): WindowInfo {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  return backend_util.computePool2DInfo(
    inputShape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}
