/** Starts one backend of TensorFlow.js. Each says in a phrase what it is, or throws E-BACKEND with the reason. */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../../core/config/schema.ts';
import { LabError } from '../../core/errors.ts';
import { hasWasmKernels, installWasmKernels } from '../kernels/wasm/api.ts';
import { wasmBatchNorm } from '../kernels/wasm/batch-norm-kernel.ts';
import { hasWebgpuKernels, installWebgpuKernels } from '../kernels/webgpu/api.ts';
import { batchNormGradient, batchNormTraining } from '../kernels/webgpu/direct.ts';
import { type BatchNormKernel, useBatchNormKernel as setBatchNormKernel } from '../models/batch-norm.ts';
import type { BackendAssets } from './assets.ts';

/** Makes `name` the current backend. @returns its label for people, such as `WebAssembly, relaxed SIMD` */
export async function startBackend(name: BackendName, assets: BackendAssets): Promise<string> {
  // No checks of its own on each operation, and no advice about other packages in a terminal.
  tf.enableProdMode();
  switch (name) {
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      await activate('cpu');
      return 'plain JavaScript';
    case 'wasm':
      return startWasm(assets);
    case 'webgpu':
      return startWebGpu();
  }
}

async function startWasm(assets: BackendAssets): Promise<string> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // One thread: our kernels work on the memory of the single-thread build.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) {
    throw unavailable('wasm', 'this browser has no WebAssembly SIMD');
  }
  if (tf.getBackend() !== 'wasm') setWasmPaths(onlySimd(assets.tensorflowWasm));
  const { variant } = await installWasmKernels({ bytes: assets.kernels });
  setBatchNormKernel('wasm', () => (hasWasmKernels() ? wasmBatchNorm : null));
  await activate('wasm');
  return variant === 'relaxed' ? 'WebAssembly, relaxed SIMD' : 'WebAssembly, SIMD';
}

/** TensorFlow.js wants an address for each of its builds; the other two are never asked for. */
function onlySimd(path: string) {
  return {
    'tfjs-backend-wasm.wasm': path,
    'tfjs-backend-wasm-simd.wasm': path,
    'tfjs-backend-wasm-threaded-simd.wasm': path,
  };
}

const WEBGPU_BATCH_NORM: BatchNormKernel = { forward: batchNormTraining, backward: batchNormGradient };

async function startWebGpu(): Promise<string> {
  const adapter = await gpuAdapter();
  if (!adapter) throw unavailable('webgpu', 'there is no GPU adapter');
  await import('@tensorflow/tfjs-backend-webgpu');
  installWebgpuKernels();
  setBatchNormKernel('webgpu', () => (hasWebgpuKernels() ? WEBGPU_BATCH_NORM : null));
  await activate('webgpu');
  return `WebGPU (${adapterName(adapter)})`;
}

/** The adapter that the webgpu backend would use; null where there is none. */
export async function gpuAdapter(): Promise<GPUAdapter | null> {
  if (typeof navigator === 'undefined' || !('gpu' in navigator)) return null;
  try {
    return await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  } catch {
    return null;
  }
}

/** A software GPU computes right but slowly; it is never chosen by itself. */
export function isSoftwareAdapter(adapter: GPUAdapter): boolean {
  const { isFallbackAdapter } = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean };
  return isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(adapterName(adapter));
}

function adapterName({ info }: GPUAdapter): string {
  return info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed adapter';
}

async function activate(name: BackendName): Promise<void> {
  if (!(await tf.setBackend(name))) throw unavailable(name, 'TensorFlow.js could not start it');
  await tf.ready();
}

function unavailable(name: BackendName, why: string): LabError {
  return new LabError({
    code: 'E-BACKEND',
    what: `The ${name} backend is not available here.`,
    why: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}.`,
    fix: 'Choose the backend `auto`, or another one.',
    where: 'backend',
  });
}
