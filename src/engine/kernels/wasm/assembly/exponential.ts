import { multiplyAdd } from './vector';

/**
 * e^x for four floats at once, within 2 units in the last place on [-87, 88]; smaller x give 0. x = n ln 2 + r with
 * |r| <= ln 2 / 2, e^r by its Taylor polynomial of degree 7 (remainder below 5e-9), 2^n through the exponent bits.
 * No table: the module holds no static data.
 */
// @ts-ignore: decorator
@inline
export function exponential(x: v128): v128 {
  const bounded = f32x4.max(f32x4.min(x, f32x4.splat(88)), f32x4.splat(-87));
  const n = f32x4.nearest(f32x4.mul(bounded, f32x4.splat(1.4426950408889634)));
  let r = f32x4.sub(bounded, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440054690583e-4)));
  let e = f32x4.splat(1.0 / 5040.0);
  e = multiplyAdd(e, r, f32x4.splat(1.0 / 720.0));
  e = multiplyAdd(e, r, f32x4.splat(1.0 / 120.0));
  e = multiplyAdd(e, r, f32x4.splat(1.0 / 24.0));
  e = multiplyAdd(e, r, f32x4.splat(1.0 / 6.0));
  e = multiplyAdd(e, r, f32x4.splat(0.5));
  e = multiplyAdd(e, r, f32x4.splat(1));
  e = multiplyAdd(e, r, f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  const value = f32x4.mul(e, power);
  const known = f32x4.ge(x, f32x4.splat(-87));
  const broken = f32x4.ne(x, x);
  return v128.bitselect(x, v128.and(value, known), broken);
}
