/**
 * The wasm backend of TensorFlow.js, completed: our kernels replace its slow ones (transposed matrix products,
 * Conv2DBackpropInput, MaxPoolGrad), add the missing Conv2DBackpropFilter, and offer a few direct functions. They work in
 * place on the backend's own memory; the caller fetches the module's bytes.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { LabError } from '../../../core/errors.ts';
import { averagePool } from './average-pool.ts';
import { averagePoolGrad } from './average-pool-grad.ts';
import { batchMatMul } from './batch-mat-mul.ts';
import { conv2d } from './conv2d.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { depthwiseConv2d } from './depthwise-conv2d.ts';
import { depthwiseConv2dBackpropFilter } from './depthwise-conv2d-backprop-filter.ts';
import { depthwiseConv2dBackpropInput } from './depthwise-conv2d-backprop-input.ts';
import { fusedBatchNorm } from './fused-batch-norm.ts';
import { gather } from './gather.ts';
import { identity } from './identity.ts';
import { KernelInstance } from './instance.ts';
import type { WasmKernel } from './kernel.ts';
import { maxPool } from './max-pool.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';
import { detectVariant, type KernelVariant } from './variant.ts';

const BACKEND = 'wasm';

/** Every kernel that is registered on the wasm backend. */
export const WASM_KERNELS: readonly WasmKernel[] = [
  averagePool,
  averagePoolGrad,
  batchMatMul,
  conv2d,
  conv2dBackpropFilter,
  conv2dBackpropInput,
  depthwiseConv2d,
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
  fusedBatchNorm,
  gather,
  identity,
  maxPool,
  maxPoolGrad,
  unsortedSegmentSum,
];

/** The compiled module of the last installation, and an instance of it for each backend that has used it. */
let installed: { variant: KernelVariant; module: WebAssembly.Module } | null = null;
let instances = new WeakMap<object, KernelInstance>();

export interface InstallOptions {
  /** build/kernels/simd.wasm and relaxed.wasm; the function form fetches only the variant that is used. */
  bytes: Record<KernelVariant, BufferSource | (() => Promise<BufferSource>)>;
  /** Which variant to use; by default the fastest that runs here. */
  variant?: KernelVariant;
}

/**
 * Registers the kernels on the wasm backend. Safe to call again (the later module wins) and before or after the backend
 * starts; a backend that is removed and made anew gets its own instance.
 * @throws LabError E-BACKEND when the module cannot be compiled here
 */
export async function installWasmKernels({
  bytes,
  variant = detectVariant(),
}: InstallOptions): Promise<{ variant: KernelVariant }> {
  const source = bytes[variant];
  const module = await compile(typeof source === 'function' ? await source() : source, variant);
  installed = { variant, module };
  instances = new WeakMap();
  for (const kernel of WASM_KERNELS) register(kernel);
  return { variant };
}

/** The variant in use, or null when the kernels are not installed. */
export function installedVariant(): KernelVariant | null {
  return installed?.variant ?? null;
}

/** Whether the direct functions (optimizer steps, dot product, ...) can be used now. */
export function hasWasmKernels(): boolean {
  return installed !== null && tf.getBackend() === BACKEND;
}

/** The kernels bound to the current backend. @throws LabError E-BACKEND unless it is wasm with the kernels installed. */
export function currentInstance(): KernelInstance {
  if (!hasWasmKernels()) {
    throw new LabError({
      code: 'E-BACKEND',
      what: 'The WebAssembly kernels are not there.',
      why: `The current backend is ${tf.getBackend() || 'none'}${installed ? '' : ', and they are not installed'}.`,
      fix: 'Call installWasmKernels and set the wasm backend first.',
    });
  }
  return instanceFor(tf.backend());
}

function instanceFor(backend: object): KernelInstance {
  const known = instances.get(backend);
  if (known) return known;
  if (!installed) throw new Error('a kernel ran before its module was installed');
  const instance = new KernelInstance(backend as BackendWasm, installed.module);
  instances.set(backend, instance);
  return instance;
}

/** Puts our kernel in the place of the stock one, whose set-up function stays. */
function register(kernel: WasmKernel): void {
  const stock = tf.getKernel(kernel.name, BACKEND) as tf.KernelConfig | undefined;
  if (stock) tf.unregisterKernel(kernel.name, BACKEND);
  tf.registerKernel({
    ...stock,
    kernelName: kernel.name,
    backendName: BACKEND,
    kernelFunc: ({ inputs, attrs, backend }) => kernel.run(instanceFor(backend), inputs, attrs),
  });
}

async function compile(bytes: BufferSource, variant: KernelVariant): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-BACKEND',
        what: `The ${variant} WebAssembly kernels cannot be compiled.`,
        why: cause instanceof Error ? cause.message : String(cause),
        fix: 'Build them again (node scripts/build-kernels.mjs) or use a browser with WebAssembly SIMD.',
      },
      { cause },
    );
  }
}
