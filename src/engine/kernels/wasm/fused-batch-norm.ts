/** FusedBatchNorm: batch normalisation with given statistics, as a trained network uses it. */
import { FusedBatchNorm, type FusedBatchNormAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { elementCount, floatInput, floatOutput, type WasmKernel } from './kernel.ts';
import { laneCount } from './lane-count.ts';

export const fusedBatchNorm: WasmKernel = {
  name: FusedBatchNorm,
  run(instance, inputs, attributes) {
    const { varianceEpsilon } = attributes as FusedBatchNormAttrs;
    const x = floatInput(inputs, 'x', FusedBatchNorm);
    const given = (name: string): TensorInfo | null =>
      inputs[name] ? floatInput(inputs, name, FusedBatchNorm) : null;
    const mean = floatInput(inputs, 'mean', FusedBatchNorm);
    const variance = floatInput(inputs, 'variance', FusedBatchNorm);
    const scale = given('scale');
    const offset = given('offset');
    const size = elementCount(x.shape);
    const y = floatOutput(instance, x.shape);
    if (size === 0) return y;
    // Each parameter has one value for each channel, or is as large as x.
    const tensors = [mean, variance, scale, offset].flatMap((tensor) => (tensor ? [tensor] : []));
    const period = Math.max(...tensors.map((tensor) => elementCount(tensor.shape)));
    const lanes = period === size ? size : laneCount(period);
    const tables = instance.scratch(lanes * 12);
    const written = instance.floats(tables, lanes * 3);
    const values = (tensor: TensorInfo | null, otherwise: number): ArrayLike<number> =>
      tensor ? instance.floats(instance.address(tensor), elementCount(tensor.shape)) : [otherwise];
    const [means, variances] = [values(mean, 0), values(variance, 1)];
    const [scales, offsets] = [values(scale, 1), values(offset, 0)];
    const at = (array: ArrayLike<number>, index: number): number => array[index % array.length] ?? NaN;
    for (let lane = 0; lane < lanes; lane += 1) {
      written[lane] = at(means, lane);
      written[lanes + lane] = at(scales, lane) / Math.sqrt(at(variances, lane) + varianceEpsilon);
      written[2 * lanes + lane] = at(offsets, lane);
    }
    instance.kernels.normalize(instance.address(x), instance.address(y), size, tables, lanes, 0);
    return y;
  },
};
