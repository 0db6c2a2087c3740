/** Values between a tensor of the wasm backend and an array outside of it, without a copy on the way. */
import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { LabError } from '../../../core/errors.ts';
import { currentInstance } from './api.ts';

/** Copies a float32 tensor's values into `target`. @throws LabError E-SHAPE when sizes or types differ */
export function copyFrom(tensor: Tensor, target: Float32Array): void {
  requireFit('copyFrom', tensor, target);
  const instance = currentInstance();
  target.set(instance.floats(instance.address(tensor), tensor.size));
}

/** Gives a variable the values of `source`, in place. @throws LabError E-SHAPE when sizes or types differ */
export function copyInto(variable: Variable, source: Float32Array): void {
  requireFit('copyInto', variable, source);
  const instance = currentInstance();
  instance.floats(instance.own(variable), variable.size).set(source);
}

function requireFit(where: string, tensor: Tensor, values: Float32Array): void {
  if (tensor.dtype === 'float32' && tensor.size === values.length) return;
  throw new LabError({
    code: 'E-SHAPE',
    what: `${where} was given a tensor and an array that do not fit together.`,
    why: `The tensor is ${tensor.dtype} with ${tensor.size} values, the array float32 with ${values.length}.`,
    fix: 'Give a float32 tensor and an array of its size.',
  });
}
