/** GatherV2: slices of a tensor along one axis, by int32 ids. An embedding is a gather of rows along axis 0. */
import { backend_util, GatherV2, type GatherV2Attrs, util } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { elementCount, type WasmKernel } from './kernel.ts';

export const gather: WasmKernel = {
  name: GatherV2,
  run(instance, { x, indices }, attributes) {
    if (!x || x.dtype === 'string' || indices?.dtype !== 'int32') {
      throw new LabError({
        code: 'E-SHAPE',
        what: `Gather was given ${x?.dtype ?? 'nothing'} by ${indices?.dtype ?? 'nothing'} ids.`,
        why: 'On the wasm backend it takes numbers, by int32 ids.',
        fix: "Cast the ids to 'int32'.",
      });
    }
    const { axis, batchDims } = attributes as GatherV2Attrs;
    const [place = 0] = util.parseAxisParam(axis, x.shape);
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, place, batchDims);
    const y = instance.backend.makeOutput(outputShape, x.dtype);
    if (elementCount(outputShape) === 0) return y;
    const sliceBytes = sliceSize * util.bytesPerElement(x.dtype);
    const count = elementCount(indices.shape) / batchSize;
    for (let table = 0; table < batchSize * outerSize; table += 1) {
      const ids = instance.address(indices) + Math.floor(table / outerSize) * count * 4;
      const wrong = instance.kernels.gatherRows(
        instance.address(x) + table * dimSize * sliceBytes,
        dimSize,
        sliceBytes,
        ids,
        count,
        instance.address(y) + table * count * sliceBytes,
      );
      if (wrong >= 0) {
        instance.backend.disposeData(y.dataId);
        throw outOfRange(instance.integers(ids, count)[wrong], wrong, dimSize);
      }
    }
    return y;
  },
};

/** The error for an id that a table of `size` rows does not have. */
export function outOfRange(id: number | undefined, place: number, size: number): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: `Id ${id ?? '?'} at place ${place} is outside its table.`,
    why: `The table has ${size} rows, so ids go from 0 to ${size - 1}.`,
    fix: 'Use the table that the ids were made for, or map unknown ids to one that it has.',
  });
}
