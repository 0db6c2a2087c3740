/** The shape every kernel file of this folder has, and what their bodies share. */
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import type { KernelInstance } from './instance.ts';

/** One kernel of TensorFlow.js that we add to the wasm backend or put in the place of the stock one. */
export interface WasmKernel {
  /** TensorFlow.js's name of the kernel. */
  readonly name: string;
  run(instance: KernelInstance, inputs: NamedTensorInfoMap, attributes: unknown): TensorInfo;
}

/** The named input as float32. @throws LabError E-SHAPE when it is missing or of another type. */
export function floatInput(inputs: NamedTensorInfoMap, name: string, kernel: string): TensorInfo {
  const input = inputs[name];
  if (input?.dtype === 'float32') return input;
  throw new LabError({
    code: 'E-SHAPE',
    what: `${kernel} was given ${name} as ${input?.dtype ?? 'nothing'}.`,
    why: 'On the wasm backend it takes float32 alone.',
    fix: "Cast the tensor to 'float32' first.",
  });
}

/** A new float32 tensor on the instance's backend; its values are whatever was in memory. */
export function floatOutput(instance: KernelInstance, shape: readonly number[]): TensorInfo {
  return instance.backend.makeOutput([...shape], 'float32');
}

/** A new float32 tensor of zeros. */
export function zeroOutput(instance: KernelInstance, shape: readonly number[]): TensorInfo {
  return instance.backend.makeOutput([...shape], 'float32', undefined, new Float32Array(elementCount(shape)));
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
