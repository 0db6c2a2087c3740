import { loadLanes, storeLanes } from './lanes';
import { fillZero } from './vector';

/** Rows whose gradients are added up before they join the total, so that long sums stay exact. */
const ROWS_PER_SUM: u32 = 64;

/** y = x + bias for `rows` rows of `channels`, with what is negative set to 0 when `relu`. x and y may be the same. */
export function addBias(x: usize, bias: usize, y: usize, rows: u32, channels: u32, relu: bool): void {
  const zero = f32x4.splat(0);
  const rowBytes = <usize>channels << 2;
  for (let row: u32 = 0; row < rows; row++) {
    let channel: u32 = 0;
    for (; channel + 4 <= channels; channel += 4) {
      const at = <usize>channel << 2;
      const sum = f32x4.add(v128.load(x + at), v128.load(bias + at));
      v128.store(y + at, relu ? atLeast(sum, zero) : sum);
    }
    for (; channel < channels; channel++) {
      const at = <usize>channel << 2;
      const sum = load<f32>(x + at) + load<f32>(bias + at);
      store<f32>(y + at, relu && sum < 0 ? 0 : sum);
    }
    x += rowBytes;
    y += rowBytes;
  }
}

/** The larger of each lane; a NaN in `x` stays, so that a failed step is seen. */
// @ts-ignore: decorator
@inline
function atLeast(x: v128, zero: v128): v128 {
  return v128.bitselect(zero, x, f32x4.lt(x, zero));
}

/**
 * The gradients of `addBias`: dBias = the sum of dy over the rows; with `relu`, dy counts only where y > 0, and dx takes
 * what counts. Without `relu`, dx is dy itself, and neither y nor dx is touched.
 * @param sums scratch of `channels` floats
 */
export function addBiasBackprop(
  dy: usize, y: usize, dx: usize, dBias: usize, rows: u32, channels: u32, relu: bool, sums: usize,
): void {
  const rowBytes = <usize>channels << 2;
  fillZero(dBias, channels);
  for (let row: u32 = 0; row < rows; row += ROWS_PER_SUM) {
    const count = min(ROWS_PER_SUM, rows - row);
    fillZero(sums, channels);
    for (let i: u32 = 0; i < count; i++) {
      for (let channel: u32 = 0; channel < channels; channel += 4) {
        const at = <usize>channel << 2;
        const lanes = channels - channel;
        let gradient = loadLanes(dy + at, lanes);
        if (relu) {
          gradient = v128.and(gradient, f32x4.gt(loadLanes(y + at, lanes), f32x4.splat(0)));
          storeLanes(dx + at, gradient, lanes);
        }
        storeLanes(sums + at, f32x4.add(loadLanes(sums + at, lanes), gradient), lanes);
      }
      dy += rowBytes;
      y += rowBytes;
      dx += rowBytes;
    }
    for (let channel: u32 = 0; channel < channels; channel += 4) {
      const at = <usize>channel << 2;
      const lanes = channels - channel;
      storeLanes(dBias + at, f32x4.add(loadLanes(dBias + at, lanes), loadLanes(sums + at, lanes)), lanes);
    }
  }
}
