/** The shape every kernel file of this folder has, and what their bodies share. */
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import type { ShaderInstance } from './instance.ts';

/** One kernel of TensorFlow.js that we put in the place of the webgpu backend's own. */
export interface WebgpuKernel {
  /** TensorFlow.js's name of the kernel. */
  readonly name: string;
  /** Null where the stock kernel shall compute it. */
  run(instance: ShaderInstance, inputs: NamedTensorInfoMap, attributes: unknown): TensorInfo | null;
}

/** The named input as float32. @throws LabError E-SHAPE when it is missing or of another type. */
export function floatInput(inputs: NamedTensorInfoMap, name: string, kernel: string): TensorInfo {
  const input = inputs[name];
  if (input?.dtype === 'float32') return input;
  throw new LabError({
    code: 'E-SHAPE',
    what: `${kernel} was given ${name} as ${input?.dtype ?? 'nothing'}.`,
    why: 'On the webgpu backend it takes float32 alone.',
    fix: "Cast the tensor to 'float32' first.",
  });
}

/** A new float32 tensor of zeros. */
export function zeroOutput({ backend }: ShaderInstance, shape: readonly number[]): TensorInfo {
  return backend.makeTensorInfo([...shape], 'float32', new Float32Array(elementCount(shape)));
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
