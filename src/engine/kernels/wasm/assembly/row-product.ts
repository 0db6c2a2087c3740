import { multiplyAdd } from './vector';

/**
 * c (n values) = or += a (k values, `aStep` bytes apart) times B (k rows of n values, rows `bStride` bytes apart). For
 * products of a few rows, where packing B would cost more than the arithmetic: B is read once, 16 columns at a time.
 */
export function rowProduct(a: usize, aStep: usize, b: usize, bStride: usize, c: usize, n: u32, k: u32, accumulate: bool): void {
  let left = n;
  for (; left >= 16; left -= 16) {
    let sum0 = f32x4.splat(0);
    let sum1 = f32x4.splat(0);
    let sum2 = f32x4.splat(0);
    let sum3 = f32x4.splat(0);
    let from = a;
    let row = b;
    for (let p = k; p > 0; p--) {
      const value = v128.load_splat<f32>(from);
      sum0 = multiplyAdd(value, v128.load(row), sum0);
      sum1 = multiplyAdd(value, v128.load(row, 16), sum1);
      sum2 = multiplyAdd(value, v128.load(row, 32), sum2);
      sum3 = multiplyAdd(value, v128.load(row, 48), sum3);
      from += aStep;
      row += bStride;
    }
    storeFour(c, sum0, accumulate);
    storeFour(c + 16, sum1, accumulate);
    storeFour(c + 32, sum2, accumulate);
    storeFour(c + 48, sum3, accumulate);
    b += 64;
    c += 64;
  }
  for (; left >= 4; left -= 4) {
    let sum = f32x4.splat(0);
    let from = a;
    let row = b;
    for (let p = k; p > 0; p--) {
      sum = multiplyAdd(v128.load_splat<f32>(from), v128.load(row), sum);
      from += aStep;
      row += bStride;
    }
    storeFour(c, sum, accumulate);
    b += 16;
    c += 16;
  }
  for (; left > 0; left--) {
    let sum: f32 = 0;
    let from = a;
    let row = b;
    for (let p = k; p > 0; p--) {
      sum += load<f32>(from) * load<f32>(row);
      from += aStep;
      row += bStride;
    }
    store<f32>(c, accumulate ? load<f32>(c) + sum : sum);
    b += 4;
    c += 4;
  }
}

// @ts-ignore: decorator
@inline
function storeFour(c: usize, value: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), value) : value);
}
