import { exponential } from './exponential';

/**
 * Softmax cross-entropy in one pass: for each of `rows` rows of `classes` logits, loss[i] = log(sum_j e^(z_j)) - z_label
 * and gradient[i, j] = softmax(z)_j - [j = label], each scaled by nothing. A label outside the classes gives NaN.
 */
export function softmaxCrossEntropy(
  logits: usize, labels: usize, loss: usize, gradient: usize, rows: u32, classes: u32,
): void {
  const rowBytes = <usize>classes << 2;
  for (let i: u32 = 0; i < rows; i++) {
    const label = load<u32>(labels);
    let highest: f32 = -Infinity;
    for (let j: u32 = 0; j < classes; j++) highest = max(highest, load<f32>(logits + (j << 2)));
    const shift = f32x4.splat(highest);
    let sum: f64 = 0;
    let j: u32 = 0;
    for (; j + 4 <= classes; j += 4) {
      const at = <usize>j << 2;
      const e = exponential(f32x4.sub(v128.load(logits + at), shift));
      v128.store(gradient + at, e);
      sum += <f64>f32x4.extract_lane(e, 0) + <f64>f32x4.extract_lane(e, 1);
      sum += <f64>f32x4.extract_lane(e, 2) + <f64>f32x4.extract_lane(e, 3);
    }
    for (; j < classes; j++) {
      const at = <usize>j << 2;
      const e = f32x4.extract_lane(exponential(f32x4.splat(load<f32>(logits + at) - highest)), 0);
      store<f32>(gradient + at, e);
      sum += <f64>e;
    }
    const share = <f32>(1.0 / sum);
    for (j = 0; j < classes; j++) {
      const at = <usize>j << 2;
      store<f32>(gradient + at, load<f32>(gradient + at) * share);
    }
    if (label < classes) {
      const at = gradient + (<usize>label << 2);
      store<f32>(at, load<f32>(at) - 1);
      store<f32>(loss, <f32>(logarithm(sum) + <f64>(highest - load<f32>(logits + (<usize>label << 2)))));
    } else {
      store<f32>(loss, NaN);
    }
    labels += 4;
    loss += 4;
    logits += rowBytes;
    gradient += rowBytes;
  }
}

/** Natural logarithm of a double in [1, 2^31] by splitting off the exponent: log(m) = 2 atanh((m - 1) / (m + 1)). */
function logarithm(x: f64): f64 {
  if (!(x < Infinity)) return x;
  const bits = reinterpret<u64>(x);
  let exponent = <f64>(<i32>(bits >> 52) - 1023);
  let mantissa = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    exponent += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const q = s * s;
  let series: f64 = 1.0 / 15.0;
  series = series * q + 1.0 / 13.0;
  series = series * q + 1.0 / 11.0;
  series = series * q + 1.0 / 9.0;
  series = series * q + 1.0 / 7.0;
  series = series * q + 1.0 / 5.0;
  series = series * q + 1.0 / 3.0;
  series = series * q + 1.0;
  return exponent * 0.6931471805599453 + 2 * s * series;
}
