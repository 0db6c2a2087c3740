/** Small helpers over 128-bit vectors. Everything here is inlined; nothing allocates or holds static data. */

/** a * b + c; one rounding with relaxed SIMD (fused multiply-add), two without. */
// @ts-ignore: decorator
@inline
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

// @ts-ignore: decorator
@inline
export function multiplyAddDouble(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, c);
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Sets `count` floats to zero. */
// @ts-ignore: decorator
@inline
export function fillZero(target: usize, count: usize): void {
  memory.fill(target, 0, count << 2);
}

/** target[i] += source[i] for `count` floats. */
// @ts-ignore: decorator
@inline
export function addInto(target: usize, source: usize, count: u32): void {
  let left = count;
  for (; left >= 4; left -= 4) {
    v128.store(target, f32x4.add(v128.load(target), v128.load(source)));
    target += 16;
    source += 16;
  }
  for (; left > 0; left--) {
    store<f32>(target, load<f32>(target) + load<f32>(source));
    target += 4;
    source += 4;
  }
}

/** The next multiple of 8. */
// @ts-ignore: decorator
@inline
export function roundUp8(n: u32): u32 {
  return (n + 7) & ~7;
}
