import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { currentInstance, installedVariant, installWasmKernels, WASM_KERNELS } from './api.ts';
import { startWasm } from './test-support.ts';
import { detectVariant } from './variant.ts';

describe('installing the kernels', () => {
  beforeEach(() => startWasm('simd'));

  it('can be repeated, and the later module wins', async () => {
    expect(installedVariant()).toBe('simd');
    await startWasm('relaxed');
    expect(installedVariant()).toBe('relaxed');
    expect([...tf.matMul(tf.ones([2, 3]), tf.ones([3, 1])).dataSync()]).toEqual([3, 3]);
  });

  it('registers each kernel once', () => {
    const names = tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName);
    for (const { name } of WASM_KERNELS) expect(names.filter((known) => known === name)).toHaveLength(1);
  });

  it('serves a backend that was removed and made anew', async () => {
    const before = currentInstance();
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
    await tf.setBackend('wasm');
    expect([...tf.matMul(tf.ones([2, 3]), tf.ones([3, 1])).dataSync()]).toEqual([3, 3]);
    expect(currentInstance()).not.toBe(before);
  });

  it('keeps working after the memory has grown', () => {
    const a = tf.ones([5, 4]);
    const large = tf.zeros([40, 1024, 1024]);
    expect([...tf.matMul(a, a, true).dataSync()]).toEqual(new Array(16).fill(5));
    large.dispose();
  });

  it('says so when the bytes are not a module', async () => {
    const broken = Uint8Array.from([0, 97, 115, 109, 9]);
    await expect(installWasmKernels({ bytes: { simd: broken, relaxed: broken } })).rejects.toThrow(
      /E-BACKEND/,
    );
    expect([...tf.matMul(tf.ones([2, 3]), tf.ones([3, 1])).dataSync()]).toEqual([3, 3]);
  });

  it('finds relaxed SIMD where Node was started with it', () => {
    expect(detectVariant()).toBe('relaxed');
  });
});
