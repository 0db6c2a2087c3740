/**
 * UnsortedSegmentSum: adds row i of x to row ids[i] of zeros, in the order of i: the gradient of gathering rows. The
 * stock wasm backend has none.
 */
import { UnsortedSegmentSum, type UnsortedSegmentSumAttrs } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { outOfRange } from './gather.ts';
import { elementCount, floatInput, floatOutput, type WasmKernel, zeroOutput } from './kernel.ts';

export const unsortedSegmentSum: WasmKernel = {
  name: UnsortedSegmentSum,
  run(instance, inputs, attributes) {
    const x = floatInput(inputs, 'x', UnsortedSegmentSum);
    const ids = inputs.segmentIds;
    const { numSegments } = attributes as UnsortedSegmentSumAttrs;
    const rank = ids?.shape.length ?? 0;
    if (ids?.dtype !== 'int32' || ids.shape.some((size, axis) => size !== x.shape[axis])) {
      throw new LabError({
        code: 'E-SHAPE',
        what: `Rows of [${x.shape.join(', ')}] were to be added up by ids [${ids?.shape.join(', ') ?? ''}].`,
        why: 'There must be one int32 id for each row.',
        fix: 'Give ids whose axes are the first ones of the rows.',
      });
    }
    const count = elementCount(ids.shape);
    const shape = [numSegments, ...x.shape.slice(rank)];
    if (elementCount(x.shape) * elementCount(shape) === 0) return zeroOutput(instance, shape);
    const sums = floatOutput(instance, shape);
    const wrong = instance.kernels.scatterRows(
      instance.address(x),
      instance.address(ids),
      count,
      elementCount(x.shape.slice(rank)),
      instance.address(sums),
      numSegments,
    );
    if (wrong < 0) return sums;
    instance.backend.disposeData(sums.dataId);
    throw outOfRange(instance.integers(instance.address(ids), count)[wrong], wrong, numSegments);
  },
};
