/** Builds both variants of the WebAssembly kernels if their sources have changed. */
export function buildKernels(options?: {
  force?: boolean;
  quiet?: boolean;
}): Promise<{ simd: string; relaxed: string; built: boolean }>;
