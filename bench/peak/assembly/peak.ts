/**
 * The register tile alone: sums, A and B stay in vector registers, nothing is loaded. What it reaches is the most that
 * kernels in this language can reach. Eleven sums in flight hide the latency of a fused multiply-add, and with two of A
 * and two of B they are the 15 registers that V8 gives a loop.
 */

// @ts-ignore: decorator
@inline
function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** Operations of one round: 11 sums of 4 lanes, a product and a sum each. */
export function flopsPerRound(): i32 {
  return 11 * 4 * 2;
}

/** Runs `rounds` of the tile; the result depends on every sum, so that none can be left out. */
export function run(rounds: u32, start: f32): f32 {
  const a0 = f32x4.splat(start);
  const a1 = f32x4.splat(-start);
  const b0 = f32x4.splat(start * 0.5);
  const b1 = f32x4.splat(start * 0.25);
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  let s10 = f32x4.splat(10);
  for (let round: u32 = 0; round < rounds; round++) {
    s0 = multiplyAdd(a0, b0, s0);
    s1 = multiplyAdd(a0, b1, s1);
    s2 = multiplyAdd(a1, b0, s2);
    s3 = multiplyAdd(a1, b1, s3);
    s4 = multiplyAdd(a0, b0, s4);
    s5 = multiplyAdd(a0, b1, s5);
    s6 = multiplyAdd(a1, b0, s6);
    s7 = multiplyAdd(a1, b1, s7);
    s8 = multiplyAdd(a0, b0, s8);
    s9 = multiplyAdd(a0, b1, s9);
    s10 = multiplyAdd(a1, b0, s10);
  }
  const low = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const high = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  const all = f32x4.add(f32x4.add(low, high), f32x4.add(f32x4.add(s8, s9), s10));
  return f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1) + f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3);
}
