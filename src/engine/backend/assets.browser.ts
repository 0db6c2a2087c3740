import tensorflowWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import relaxedUrl from '../../../build/kernels/relaxed.wasm?url';
import simdUrl from '../../../build/kernels/simd.wasm?url';
import { LabError } from '../../core/errors.ts';
import type { BackendAssets } from './assets.ts';

async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (response.ok) return response.arrayBuffer();
  throw new LabError({
    code: 'E-BACKEND',
    what: 'The WebAssembly kernels could not be fetched.',
    why: `${url} answered ${response.status} ${response.statusText}.`,
    fix: 'Reload the page; if you serve the lab yourself, build it again.',
  });
}

/** The WebAssembly modules as the page's bundle ships them. */
export const browserAssets: BackendAssets = {
  tensorflowWasm,
  kernels: { relaxed: () => fetchBytes(relaxedUrl), simd: () => fetchBytes(simdUrl) },
};
