/** For the tests of this folder: the wasm backend with our kernels in Node, and a small seeded source of numbers. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { buildKernels } from '../../../../scripts/build-kernels.mjs';
import { installWasmKernels } from './api.ts';
import type { KernelVariant } from './variant.ts';

export const VARIANTS: readonly KernelVariant[] = ['simd', 'relaxed'];

/** Starts the wasm backend (single thread) and installs one variant of the kernels on it. */
export async function startWasm(variant: KernelVariant): Promise<void> {
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(`${path.dirname(main)}${path.sep}`);
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await tf.setBackend('wasm');
  const files = await buildKernels({ quiet: true });
  await installWasmKernels({
    variant,
    bytes: { simd: () => readFile(files.simd), relaxed: () => readFile(files.relaxed) },
  });
}

/** tf.tidy, for results that are not tensors alone. */
export function scoped<Result>(compute: () => Result): Result {
  tf.engine().startScope();
  try {
    return compute();
  } finally {
    tf.engine().endScope();
  }
}

/** A linear congruential generator (Numerical Recipes): enough for test values, and the same everywhere. */
export class TestNumbers {
  constructor(private state: number) {}

  /** In [0, 1). */
  next(): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return this.state / 2 ** 32;
  }

  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** Floats in [-1, 1). */
  floats(count: number): Float32Array {
    return Float32Array.from({ length: count }, () => this.next() * 2 - 1);
  }
}

/** The largest difference, relative to the largest magnitude expected (at least 1). */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let scale = 1;
  for (let i = 0; i < expected.length; i += 1) {
    const gap = Math.abs((actual[i] ?? NaN) - (expected[i] ?? NaN));
    difference = gap <= difference ? difference : gap;
    scale = Math.max(scale, Math.abs(expected[i] ?? NaN));
  }
  return difference / scale;
}

export function sameBits(a: ArrayBufferView, b: ArrayBufferView | undefined): boolean {
  if (!b) return false;
  const bytes = (view: ArrayBufferView) => Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  return bytes(a).equals(bytes(b));
}
