import { multiplyAdd } from './vector';

/**
 * Depthwise sums over images whose pixels hold `lanes` floats, a multiple of 8. Where windows start, where their values
 * go and which taps they have are tables of 32-bit byte offsets, so that stride, dilation, padding and direction are
 * only other tables.
 */

/**
 * out[outputs[p]] = the sum over taps of work[positions[p] + offset] * filter[row], lane by lane. A tap is a pair of
 * byte offsets: into the work image from the position, and into the filter.
 * @param count positions, a multiple of 4
 */
export function sumTaps(
  work: usize, filter: usize, out: usize, positions: usize, outputs: usize, count: u32, taps: usize, tapCount: u32, lanes: u32,
): void {
  const laneBytes = <usize>lanes << 2;
  for (; count > 0; count -= 4) {
    const x0 = work + load<u32>(positions);
    const x1 = work + load<u32>(positions, 4);
    const x2 = work + load<u32>(positions, 8);
    const x3 = work + load<u32>(positions, 12);
    for (let lane: usize = 0; lane < laneBytes; lane += 32) {
      let a0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let a3 = f32x4.splat(0);
      let b0 = f32x4.splat(0);
      let b1 = f32x4.splat(0);
      let b2 = f32x4.splat(0);
      let b3 = f32x4.splat(0);
      let tap = taps;
      for (let left = tapCount; left > 0; left--) {
        const offset = load<u32>(tap) + lane;
        const row = filter + load<u32>(tap, 4) + lane;
        const low = v128.load(row);
        const high = v128.load(row, 16);
        a0 = multiplyAdd(v128.load(x0 + offset), low, a0);
        b0 = multiplyAdd(v128.load(x0 + offset, 16), high, b0);
        a1 = multiplyAdd(v128.load(x1 + offset), low, a1);
        b1 = multiplyAdd(v128.load(x1 + offset, 16), high, b1);
        a2 = multiplyAdd(v128.load(x2 + offset), low, a2);
        b2 = multiplyAdd(v128.load(x2 + offset, 16), high, b2);
        a3 = multiplyAdd(v128.load(x3 + offset), low, a3);
        b3 = multiplyAdd(v128.load(x3 + offset, 16), high, b3);
        tap += 8;
      }
      const to = out + lane;
      v128.store(to + load<u32>(outputs), a0);
      v128.store(to + load<u32>(outputs), b0, 16);
      v128.store(to + load<u32>(outputs, 4), a1);
      v128.store(to + load<u32>(outputs, 4), b1, 16);
      v128.store(to + load<u32>(outputs, 8), a2);
      v128.store(to + load<u32>(outputs, 8), b2, 16);
      v128.store(to + load<u32>(outputs, 12), a3);
      v128.store(to + load<u32>(outputs, 12), b3, 16);
    }
    positions += 16;
    outputs += 16;
  }
}

/**
 * gradient[row] += the sum over positions of work[positions[p] + offset] * dy[outputs[p]], for each tap, lane by lane.
 * @param tapCount a multiple of 3
 */
export function sumTapGradients(
  work: usize, dy: usize, gradient: usize, positions: usize, outputs: usize, count: u32, taps: usize, tapCount: u32, lanes: u32,
): void {
  const laneBytes = <usize>lanes << 2;
  for (; tapCount > 0; tapCount -= 3) {
    for (let lane: usize = 0; lane < laneBytes; lane += 32) {
      const x0 = work + load<u32>(taps) + lane;
      const x1 = work + load<u32>(taps, 8) + lane;
      const x2 = work + load<u32>(taps, 16) + lane;
      const from = dy + lane;
      let a0 = f32x4.splat(0);
      let a1 = f32x4.splat(0);
      let a2 = f32x4.splat(0);
      let b0 = f32x4.splat(0);
      let b1 = f32x4.splat(0);
      let b2 = f32x4.splat(0);
      for (let at: usize = 0; at < <usize>count << 2; at += 4) {
        const position = load<u32>(positions + at);
        const output = from + load<u32>(outputs + at);
        const low = v128.load(output);
        const high = v128.load(output, 16);
        a0 = multiplyAdd(v128.load(x0 + position), low, a0);
        b0 = multiplyAdd(v128.load(x0 + position, 16), high, b0);
        a1 = multiplyAdd(v128.load(x1 + position), low, a1);
        b1 = multiplyAdd(v128.load(x1 + position, 16), high, b1);
        a2 = multiplyAdd(v128.load(x2 + position), low, a2);
        b2 = multiplyAdd(v128.load(x2 + position, 16), high, b2);
      }
      const to = gradient + lane;
      addPair(to + load<u32>(taps, 4), a0, b0);
      addPair(to + load<u32>(taps, 12), a1, b1);
      addPair(to + load<u32>(taps, 20), a2, b2);
    }
    taps += 24;
  }
}

// @ts-ignore: decorator
@inline
function addPair(target: usize, low: v128, high: v128): void {
  v128.store(target, f32x4.add(v128.load(target), low));
  v128.store(target, f32x4.add(v128.load(target, 16), high), 16);
}

/**
 * Copies an image [height, width, channels] into pixels of `lanes` floats, each channel `repeat` times; the target's rows
 * lie `targetWidth` pixels apart. Lanes beyond channels * repeat are left as they are.
 */
export function spreadPixels(
  source: usize, height: u32, width: u32, channels: u32, repeat: u32, target: usize, targetWidth: u32, lanes: u32,
): void {
  const pixelBytes = <usize>channels << 2;
  const whole = repeat == 1 && channels == lanes;
  for (let y: u32 = 0; y < height; y++) {
    let to = target + ((<usize>y * targetWidth * lanes) << 2);
    if (whole) {
      memory.copy(to, source, width * pixelBytes);
      source += width * pixelBytes;
      continue;
    }
    for (let x: u32 = 0; x < width; x++) {
      let lane = to;
      for (let channel: u32 = 0; channel < channels; channel++) {
        const value = load<f32>(source);
        for (let copy = repeat; copy > 0; copy--) {
          store<f32>(lane, value);
          lane += 4;
        }
        source += 4;
      }
      to += <usize>lanes << 2;
    }
  }
}

/** The way back from spreadPixels: each channel of `pixels` pixels is the sum of its `repeat` lanes. */
export function foldPixels(source: usize, pixels: u32, channels: u32, repeat: u32, lanes: u32, target: usize): void {
  for (; pixels > 0; pixels--) {
    let lane = source;
    for (let channel: u32 = 0; channel < channels; channel++) {
      let sum = load<f32>(lane);
      lane += 4;
      for (let copy: u32 = 1; copy < repeat; copy++) {
        sum += load<f32>(lane);
        lane += 4;
      }
      store<f32>(target, sum);
      target += 4;
    }
    source += <usize>lanes << 2;
  }
}
