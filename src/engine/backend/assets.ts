/** Where the compiled WebAssembly comes from: bundled addresses in a page, files in Node. */
export interface BackendAssets {
  /** Address or path of TensorFlow.js's `tfjs-backend-wasm-simd.wasm`. */
  tensorflowWasm: string;
  /** Bytes of our own kernels. */
  kernels: { relaxed: () => Promise<BufferSource>; simd: () => Promise<BufferSource> };
}
