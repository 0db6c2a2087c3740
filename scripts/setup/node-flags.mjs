/** Relaxed SIMD makes the kernels half as fast again; Node has it behind a flag before version 21, and on after. */
export const nodeFlags =
  Number(process.versions.node.split('.')[0]) < 21 ? ['--experimental-wasm-relaxed-simd'] : [];
