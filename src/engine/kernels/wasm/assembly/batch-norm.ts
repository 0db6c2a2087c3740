import { multiplyAdd } from './vector';

/**
 * Batch normalisation of `count` floats whose last axis is the channels: y = (x - mean) * scale + shift, and with
 * `rectify` no less than zero.
 *
 * The channel tables hold `lanes` floats each, one table after another: mean, scale (gamma over the standard deviation),
 * shift (beta). `lanes` is a multiple of 16 and a whole number of repeats of the channels, so that every channel count
 * fills whole vectors.
 */
export function normalize(x: usize, y: usize, count: u32, tables: usize, lanes: u32, rectify: bool): void {
  const tableBytes = <usize>lanes << 2;
  const floor = f32x4.splat(rectify ? 0 : -Infinity);
  while (count > 0) {
    const row = min(count, lanes);
    count -= row;
    let at = tables;
    let left = row;
    for (; left >= 4; left -= 4) {
      v128.store(y, f32x4.pmax(normalized(v128.load(x), at, tableBytes), floor));
      x += 16;
      y += 16;
      at += 16;
    }
    for (; left > 0; left--) {
      const value = f32x4.pmax(normalized(v128.load32_splat(x), at, tableBytes), floor);
      store<f32>(y, f32x4.extract_lane(value, 0));
      x += 4;
      y += 4;
      at += 4;
    }
  }
}

/** Four normalised values. The gradient computes them anew to know where they were above zero, to the same bits. */
// @ts-ignore: decorator
@inline
export function normalized(x: v128, at: usize, tableBytes: usize): v128 {
  const centred = f32x4.sub(x, v128.load(at));
  return multiplyAdd(centred, v128.load(at + tableBytes), v128.load(at + tableBytes * 2));
}
