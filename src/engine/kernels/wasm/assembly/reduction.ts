import { multiplyAdd, multiplyAddDouble } from './vector';

/** The dot product of two vectors of `count` floats, accumulated in double precision. */
export function dot(a: usize, b: usize, count: u32): f64 {
  let sum0 = f64x2.splat(0);
  let sum1 = f64x2.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const left = v128.load(a);
    const right = v128.load(b);
    sum0 = multiplyAddDouble(f64x2.promote_low_f32x4(left), f64x2.promote_low_f32x4(right), sum0);
    const leftHigh = v128.shuffle<f64>(left, left, 1, 0);
    const rightHigh = v128.shuffle<f64>(right, right, 1, 0);
    sum1 = multiplyAddDouble(f64x2.promote_low_f32x4(leftHigh), f64x2.promote_low_f32x4(rightHigh), sum1);
    a += 16;
    b += 16;
  }
  const sums = f64x2.add(sum0, sum1);
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; i < count; i++) {
    sum += <f64>load<f32>(a) * <f64>load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
}

/** y += scale * x over `count` floats, in place. */
export function addScaled(y: usize, x: usize, count: u32, scale: f32): void {
  const scales = f32x4.splat(scale);
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, multiplyAdd(scales, v128.load(x), v128.load(y)));
    y += 16;
    x += 16;
  }
  for (; i < count; i++) {
    store<f32>(y, load<f32>(y) + scale * load<f32>(x));
    y += 4;
    x += 4;
  }
}
