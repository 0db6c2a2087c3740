import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { LabError } from '../../core/errors.ts';
import type { BackendAssets } from './assets.ts';

const require = createRequire(import.meta.url);

async function kernelBytes(variant: 'relaxed' | 'simd'): Promise<BufferSource> {
  const path = fileURLToPath(new URL(`../../../build/kernels/${variant}.wasm`, import.meta.url));
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-BACKEND',
        what: 'The WebAssembly kernels are not built.',
        why: `${path} cannot be read.`,
        fix: 'Run `node scripts/build-kernels.mjs`.',
      },
      { cause },
    );
  }
}

/** The WebAssembly modules as files beside the sources. */
export const nodeAssets: BackendAssets = {
  tensorflowWasm: require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  kernels: { relaxed: () => kernelBytes('relaxed'), simd: () => kernelBytes('simd') },
};
