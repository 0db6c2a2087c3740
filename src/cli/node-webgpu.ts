/**
 * WebGPU without a browser: Dawn, from the npm package `webgpu`, in the place where TensorFlow.js looks for it. Loaded
 * only when it is asked for. Without a GPU, a software driver such as SwiftShader can stand in (VK_ICD_FILENAMES).
 */
import type * as Dawn from 'webgpu';
import { asSentence, messageOf } from '../core/error-words.ts';
import { LabError } from '../core/errors.ts';

/** Classes of a page that TensorFlow.js compares its inputs with. */
const PAGE_CLASSES = [
  'HTMLVideoElement',
  'HTMLImageElement',
  'HTMLCanvasElement',
  'OffscreenCanvas',
  'ImageBitmap',
  'ImageData',
];

/** Puts `navigator.gpu` in place. @throws LabError E-BACKEND where Dawn has no build for this machine */
export async function installNodeWebGpu(): Promise<void> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator) return;
  let dawn: typeof Dawn;
  try {
    dawn = await import('webgpu');
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-BACKEND',
        what: 'The webgpu backend is not available here.',
        why: asSentence(
          `WebGPU for Node (Dawn) does not load on ${process.platform}-${process.arch}: ${messageOf(cause).split('\n')[0] ?? ''}`,
        ),
        fix: 'Run with --backend wasm, or in the page.',
        where: 'backend',
      },
      { cause },
    );
  }
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const host = typeof navigator === 'undefined' ? {} : navigator;
  Object.defineProperty(host, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: host, configurable: true });
  for (const name of PAGE_CLASSES) {
    if (!(name in globalThis))
      Object.defineProperty(globalThis, name, { value: class {}, configurable: true });
  }
}
