/**
 * The webgpu backend of TensorFlow.js with our own WGSL where the stock kernels are slow: the gradients of convolutions
 * and max-pooling. Functions that no kernel offers are in `direct.ts`. Which and why:
 * docs/decisions/0019-own-webgpu-shaders.md.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { LabError } from '../../../core/errors.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2dBackpropInput } from './conv2d-backprop-input.ts';
import { ShaderInstance } from './instance.ts';
import type { WebgpuKernel } from './kernel.ts';
import { maxPoolGrad } from './max-pool-grad.ts';

const BACKEND = 'webgpu';

/** Every kernel that is registered on the webgpu backend. */
export const WEBGPU_KERNELS: readonly WebgpuKernel[] = [
  conv2dBackpropFilter,
  conv2dBackpropInput,
  maxPoolGrad,
];

/**
 * Dispatches that the backend gathers before it submits them (its own default: 15). A SimpleNet step then is a submission
 * for each objective. Not all of a step of a large network at once: buffers are used again only after a submission.
 */
const DISPATCHES_A_SUBMISSION = 64;

/** The stock kernels that ours replaced, by name; empty until the kernels are installed. */
const stock = new Map<string, tf.KernelConfig>();
const instances = new WeakMap<object, ShaderInstance>();

/**
 * Registers the kernels on the webgpu backend, whose package must be imported. Safe to call again, before or after the
 * backend starts; a backend that is removed and made anew gets its own shaders.
 * @throws LabError E-BACKEND when the package is not there
 */
export function installWebgpuKernels(): void {
  for (const kernel of WEBGPU_KERNELS) if (!stock.has(kernel.name)) register(kernel);
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', DISPATCHES_A_SUBMISSION);
}

/** Puts TensorFlow.js's own kernels back, for comparison. */
export function removeWebgpuKernels(): void {
  for (const [name, config] of stock) {
    tf.unregisterKernel(name, BACKEND);
    tf.registerKernel(config);
  }
  stock.clear();
}

/** Whether the direct functions (optimizer steps, inner products, ...) can be used now. */
export function hasWebgpuKernels(): boolean {
  return stock.size > 0 && tf.getBackend() === BACKEND;
}

/** Our shaders on the current backend. @throws LabError E-BACKEND unless it is webgpu with the kernels installed. */
export function currentInstance(): ShaderInstance {
  if (!hasWebgpuKernels()) {
    throw new LabError({
      code: 'E-BACKEND',
      what: 'The WebGPU kernels are not there.',
      why: `The current backend is ${tf.getBackend() || 'none'}${stock.size > 0 ? '' : ', and they are not installed'}.`,
      fix: 'Call installWebgpuKernels and set the webgpu backend first.',
    });
  }
  return instanceFor(tf.backend());
}

function instanceFor(backend: object): ShaderInstance {
  const known = instances.get(backend);
  if (known) return known;
  const instance = new ShaderInstance(backend as WebGPUBackend);
  instances.set(backend, instance);
  return instance;
}

/** Puts our kernel before the stock one, which still computes what ours leaves to it. */
function register(kernel: WebgpuKernel): void {
  const original = tf.getKernel(kernel.name, BACKEND) as tf.KernelConfig | undefined;
  if (!original) {
    throw new LabError({
      code: 'E-BACKEND',
      what: 'The webgpu backend of TensorFlow.js is not there.',
      why: `It has not registered ${kernel.name}.`,
      fix: 'Import @tensorflow/tfjs-backend-webgpu before installWebgpuKernels.',
    });
  }
  stock.set(kernel.name, original);
  tf.unregisterKernel(kernel.name, BACKEND);
  tf.registerKernel({
    ...original,
    kernelFunc: (call) =>
      kernel.run(instanceFor(call.backend), call.inputs, call.attrs) ?? original.kernelFunc(call),
  });
}
