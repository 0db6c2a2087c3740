/** Stock TensorFlow.js: its own gradients and kernels, nothing of the lab's. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { gpuAdapter } from '../../src/engine/backend/start.ts';
import type { Answers, Requests } from '../protocol.ts';
import { composeFilterGradient } from '../workloads/composed-filter-gradient.ts';
import { refuseSoftware } from './refuse-software.ts';

/** Makes the wasm backend findable: the files in Node, their addresses in a page. */
export type PrepareWasm = () => Promise<void>;

/** @throws Error where the backend is not to be had */
export async function startStock(
  { backend, softwareGpu }: Requests['start'],
  prepareWasm: PrepareWasm,
): Promise<Answers['start']> {
  switch (backend) {
    case 'cpu':
      await import('@tensorflow/tfjs-backend-cpu');
      break;
    case 'wasm':
      await import('@tensorflow/tfjs-backend-wasm');
      await prepareWasm();
      composeFilterGradient();
      break;
    case 'webgl':
      await import('@tensorflow/tfjs-backend-webgl');
      refuseSoftwareGl(softwareGpu);
      break;
    case 'webgpu':
      if (!(await gpuAdapter())) throw new Error('there is no GPU adapter');
      await refuseSoftware(softwareGpu);
      await import('@tensorflow/tfjs-backend-webgpu');
      break;
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js could not start ${backend}`);
  await tf.ready();
  tf.enableProdMode();
  return { label: `TensorFlow.js ${tf.version_core} ${backend}${threads(backend)}`, variant: null };
}

/** How many threads the wasm backend took by itself. */
function threads(backend: Requests['start']['backend']): string {
  if (backend !== 'wasm') return '';
  const multi = tf.env().getBool('WASM_HAS_MULTITHREAD_SUPPORT');
  return multi ? `, ${navigator.hardwareConcurrency} threads` : ', 1 thread';
}

/** @throws Error for WebGL in software, unless it is wanted, and where there is no WebGL 2 at all */
function refuseSoftwareGl(wanted: boolean): void {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!context) throw new Error('there is no WebGL 2');
  const info = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  if (!wanted && /swiftshader|llvmpipe|software/i.test(renderer)) {
    throw new Error('the GPU here is software; --software-gpu times it all the same');
  }
}
