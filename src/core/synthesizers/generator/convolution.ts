/** A small convolution in plain numbers, with its derivative: the same bits on every backend and in every thread. */

/** Of 3x3 pixels, with a border of zeros; one that widens reads each pixel of its input twice along each side. */
export interface Convolution {
  input: { height: number; width: number; channels: number };
  output: { height: number; width: number; channels: number };
  /** 2 halves the sides, rounded up. */
  stride: 1 | 2;
  widens: boolean;
}

const TAPS = 9;

/** How many numbers it has: weights [3, 3, out, in], then biases [out]. */
export function sizeOf({ input, output }: Convolution): number {
  return (TAPS * input.channels + 1) * output.channels;
}

/**
 * Each tap of each output pixel that is not in the border: where it reads, writes, and has its weights, one after another.
 * Worked out once for a convolution.
 */
export function tapsOf({ input, output, stride, widens }: Convolution): Int32Array {
  const block = input.channels * output.channels;
  const shift = widens ? 1 : 0;
  const taps = new Int32Array(3 * TAPS * output.height * output.width);
  let count = 0;
  for (let pixel = 0; pixel < output.height * output.width; pixel++) {
    const [row, column] = [Math.floor(pixel / output.width), pixel % output.width];
    for (let tap = 0; tap < TAPS; tap++) {
      const y = (row * stride + Math.floor(tap / 3) - 1) >> shift;
      const x = (column * stride + (tap % 3) - 1) >> shift;
      if (y < 0 || x < 0 || y >= input.height || x >= input.width) continue;
      taps[count++] = (y * input.width + x) * input.channels;
      taps[count++] = pixel * output.channels;
      taps[count++] = tap * block;
    }
  }
  return taps.slice(0, count);
}

/**
 * @param taps of `tapsOf`
 * @param weights [3, 3, out, in], then biases [out]
 * @param image [height, width, in]
 * @returns [height, width, out]
 */
export function convolve(
  conv: Convolution,
  taps: Int32Array,
  weights: Float32Array,
  image: Float32Array,
): Float32Array {
  const taken = conv.input.channels;
  const made = conv.output.channels;
  const biases = TAPS * taken * made;
  const out = new Float32Array(conv.output.height * conv.output.width * made);
  for (let to = 0; to < out.length; to++) out[to] = weights[biases + (to % made)] ?? 0;
  for (let tap = 0; tap < taps.length; tap += 3) {
    const from = taps[tap] ?? 0;
    const to = taps[tap + 1] ?? 0;
    let at = taps[tap + 2] ?? 0;
    for (let o = 0; o < made; o++) {
      // Four sums side by side: one would wait for itself.
      let sum = 0;
      let second = 0;
      let third = 0;
      let fourth = 0;
      let i = 0;
      for (; i + 3 < taken; i += 4) {
        sum += (image[from + i] ?? 0) * (weights[at + i] ?? 0);
        second += (image[from + i + 1] ?? 0) * (weights[at + i + 1] ?? 0);
        third += (image[from + i + 2] ?? 0) * (weights[at + i + 2] ?? 0);
        fourth += (image[from + i + 3] ?? 0) * (weights[at + i + 3] ?? 0);
      }
      for (; i < taken; i++) sum += (image[from + i] ?? 0) * (weights[at + i] ?? 0);
      out[to + o] = (out[to + o] ?? 0) + (sum + second) + (third + fourth);
      at += taken;
    }
  }
  return out;
}

/**
 * The derivative of {@link convolve}.
 * @param slope [height, width, out] of the loss in what it gave
 * @param into the slope in each weight is added to it
 * @returns [height, width, in] the slope in the image
 */
export function convolveBack(
  conv: Convolution,
  taps: Int32Array,
  weights: Float32Array,
  image: Float32Array,
  slope: Float32Array,
  into: Float32Array,
): Float32Array {
  const taken = conv.input.channels;
  const made = conv.output.channels;
  const biases = TAPS * taken * made;
  const back = new Float32Array(image.length);
  for (let to = 0; to < slope.length; to++) {
    const at = biases + (to % made);
    into[at] = (into[at] ?? 0) + (slope[to] ?? 0);
  }
  for (let tap = 0; tap < taps.length; tap += 3) {
    const from = taps[tap] ?? 0;
    const to = taps[tap + 1] ?? 0;
    let at = taps[tap + 2] ?? 0;
    for (let o = 0; o < made; o++) {
      const own = slope[to + o] ?? 0;
      // Half of what a rectified layer gives is 0, and has no slope.
      if (own !== 0) {
        for (let i = 0; i < taken; i++) {
          back[from + i] = (back[from + i] ?? 0) + own * (weights[at + i] ?? 0);
          into[at + i] = (into[at + i] ?? 0) + own * (image[from + i] ?? 0);
        }
      }
      at += taken;
    }
  }
  return back;
}
