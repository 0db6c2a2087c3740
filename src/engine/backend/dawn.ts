/**
 * WebGPU without a browser: Dawn, from the npm package `webgpu`, in the place where TensorFlow.js looks for it. Without a
 * GPU, a software driver such as SwiftShader can stand in (VK_ICD_FILENAMES).
 */
import { constants } from 'node:os';
import path from 'node:path';
import type * as Dawn from 'webgpu';

/** Classes of a page that TensorFlow.js compares its inputs with. */
const PAGE_CLASSES = [
  'HTMLVideoElement',
  'HTMLImageElement',
  'HTMLCanvasElement',
  'OffscreenCanvas',
  'ImageBitmap',
  'ImageData',
];

/** RTLD_NODELETE of glibc: the library stays when Node closes it. */
const KEEP_LOADED = 0x1000;

/** Puts `navigator.gpu` in place, unless there is one. @throws Error where Dawn has no build for this machine */
export async function installDawn(): Promise<void> {
  if (typeof navigator !== 'undefined' && 'gpu' in navigator) return;
  const dawn: typeof Dawn = await import('webgpu');
  loadVulkanBeside(process.env.VK_ICD_FILENAMES);
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

/**
 * Loads the Vulkan loader that lies beside a driver, as Chromium ships it with SwiftShader: Dawn asks the system for one
 * by name, and a system without a GPU often has none.
 */
function loadVulkanBeside(driver: string | undefined): void {
  if (!driver || process.platform !== 'linux') return;
  const loader = path.join(path.dirname(driver), 'libvulkan.so.1');
  try {
    process.dlopen({ exports: {} }, loader, constants.dlopen.RTLD_NOW | KEEP_LOADED);
  } catch {
    // Node refuses it as no module of its own, but it stays loaded; where there is none, the system's is found.
  }
}
