/** Which build of the kernels this machine's WebAssembly engine can run. */
export type KernelVariant = 'relaxed' | 'simd';

/**
 * A module of one function that does nothing but f32x4.relaxed_madd: it validates only where relaxed SIMD is known.
 * (type () -> ()), one function: v128.const 0 three times, f32x4.relaxed_madd, drop.
 */
const RELAXED_PROBE = (() => {
  const zero = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];
  const body = [0x00, ...zero, ...zero, ...zero, 0xfd, 0x85, 0x02, 0x1a, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...[0x01, 0x04, 0x01, 0x60, 0x00, 0x00],
    ...[0x03, 0x02, 0x01, 0x00],
    ...[0x0a, body.length + 2, 0x01, body.length, ...body],
  ]);
})();

/** 'relaxed' where fused multiply-add is available (relaxed SIMD), else 'simd'. */
export function detectVariant(): KernelVariant {
  return WebAssembly.validate(RELAXED_PROBE) ? 'relaxed' : 'simd';
}
