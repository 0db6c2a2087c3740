/** Tensors as one array, for the way between threads. */
import * as tf from '@tensorflow/tfjs-core';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { copyFrom, copyInto } from '../kernels/wasm/copy.ts';

export function totalSize(tensors: readonly tf.Tensor[]): number {
  return tensors.reduce((sum, { size }) => sum + size, 0);
}

/** Writes the tensors' values one after another into `target`, which has their total size. */
export function readValues(tensors: readonly tf.Tensor[], target: Float32Array): void {
  let at = 0;
  for (const tensor of tensors) {
    const part = target.subarray(at, at + tensor.size);
    if (hasWasmKernels()) copyFrom(tensor, part);
    else part.set(tensor.dataSync());
    at += tensor.size;
  }
}

/** Gives the variables the values that `readValues` wrote. */
export function assignValues(variables: readonly tf.Variable[], source: Float32Array): void {
  let at = 0;
  for (const variable of variables) {
    const part = source.subarray(at, at + variable.size);
    if (hasWasmKernels()) copyInto(variable, part);
    else tf.tidy(() => variable.assign(tf.tensor(part.slice(), variable.shape)));
    at += variable.size;
  }
}

/** New tensors shaped like `patterns` with the values that `readValues` wrote. */
export function tensorsLike(patterns: readonly tf.Tensor[], source: Float32Array): tf.Tensor[] {
  let at = 0;
  return patterns.map((pattern) => {
    const part = source.subarray(at, at + pattern.size);
    at += pattern.size;
    return tf.tensor(part, pattern.shape);
  });
}
