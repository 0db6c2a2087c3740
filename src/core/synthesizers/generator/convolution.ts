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

/** Of one that widens: two along each side read the same pixel of the input and become one, for each place in a 2x2. */
const MERGED = 4;

/** How many numbers it has: weights [3, 3, out, in], then biases [out]. */
export function sizeOf({ input, output }: Convolution): number {
  return (TAPS * input.channels + 1) * output.channels;
}

/** What each output pixel reads, worked out once for a convolution. */
export interface Reads {
  /** How many pixels of the input: 9, or 4 where taps are merged. */
  each: number;
  /** [pixels, each] where a pixel of the input begins; -1 in the border. */
  from: Int32Array;
  /** [pixels, each] where its weights begin in `matricesOf`. */
  weights: Int32Array;
}

export function readsOf({ input, output, stride, widens }: Convolution): Reads {
  const block = input.channels * output.channels;
  const side = widens ? 2 : 3;
  const each = side * side;
  const pixels = output.height * output.width;
  const from = new Int32Array(each * pixels);
  const weights = new Int32Array(each * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const [row, column] = [Math.floor(pixel / output.width), pixel % output.width];
    const [top, left] = widens
      ? [(row - 1) >> 1, (column - 1) >> 1]
      : [row * stride - 1, column * stride - 1];
    const place = widens ? (row % 2) * 2 + (column % 2) : 0;
    for (let tap = 0; tap < each; tap++) {
      const [y, x] = [top + Math.floor(tap / side), left + (tap % side)];
      const inside = y >= 0 && x >= 0 && y < input.height && x < input.width;
      from[pixel * each + tap] = inside ? (y * input.width + x) * input.channels : -1;
      weights[pixel * each + tap] = (place * MERGED + tap) * block;
    }
  }
  return { each, from, weights };
}

/**
 * Each of the nine taps of a convolution that widens, and the merged one that it is part of, for each place in a 2x2.
 * @returns pairs of numbers of matrices
 */
const PARTS: readonly (readonly [tap: number, merged: number])[] = [0, 1, 2, 3].flatMap((place) =>
  Array.from({ length: TAPS }, (_, tap): [number, number] => {
    const nearer = (at: number, odd: number): number => (odd === 0 ? Math.min(at, 1) : at >> 1);
    const y = nearer(Math.floor(tap / 3), place >> 1);
    const x = nearer(tap % 3, place & 1);
    return [tap, place * MERGED + y * 2 + x];
  }),
);

/** Matrices [out, in] as `readsOf` numbers them: the weights themselves, or sums of them. */
function matricesOf({ input, output, widens }: Convolution, weights: Float32Array): Float32Array {
  if (!widens) return weights;
  const block = input.channels * output.channels;
  const merged = new Float32Array(MERGED * MERGED * block);
  for (const [tap, whole] of PARTS) {
    const [from, to] = [tap * block, whole * block];
    for (let at = 0; at < block; at++) merged[to + at] = (merged[to + at] ?? 0) + (weights[from + at] ?? 0);
  }
  return merged;
}

/**
 * @param reads of `readsOf`
 * @param weights [3, 3, out, in], then biases [out]
 * @param image [height, width, in]
 * @returns [height, width, out]
 */
export function convolve(
  conv: Convolution,
  { each, from, weights: starts }: Reads,
  weights: Float32Array,
  image: Float32Array,
): Float32Array {
  const taken = conv.input.channels;
  const made = conv.output.channels;
  const biases = TAPS * taken * made;
  const matrices = matricesOf(conv, weights);
  const out = new Float32Array(conv.output.height * conv.output.width * made);
  for (let first = 0, to = 0; to < out.length; first += each, to += made) {
    let o = 0;
    // Four outputs side by side: each number of the image is read once for all of them, and no sum waits for itself.
    for (; o + 3 < made; o += 4) {
      let sum = weights[biases + o] ?? 0;
      let second = weights[biases + o + 1] ?? 0;
      let third = weights[biases + o + 2] ?? 0;
      let fourth = weights[biases + o + 3] ?? 0;
      for (let tap = first; tap < first + each; tap++) {
        const read = from[tap] ?? -1;
        if (read < 0) continue;
        let at = (starts[tap] ?? 0) + o * taken;
        for (let i = read; i < read + taken; i++, at++) {
          const value = image[i] ?? 0;
          sum += value * (matrices[at] ?? 0);
          second += value * (matrices[at + taken] ?? 0);
          third += value * (matrices[at + 2 * taken] ?? 0);
          fourth += value * (matrices[at + 3 * taken] ?? 0);
        }
      }
      out[to + o] = sum;
      out[to + o + 1] = second;
      out[to + o + 2] = third;
      out[to + o + 3] = fourth;
    }
    for (; o < made; o++) {
      let sum = weights[biases + o] ?? 0;
      let second = 0;
      for (let tap = first; tap < first + each; tap++) {
        const read = from[tap] ?? -1;
        if (read < 0) continue;
        const at = (starts[tap] ?? 0) + o * taken;
        let i = 0;
        for (; i + 1 < taken; i += 2) {
          sum += (image[read + i] ?? 0) * (matrices[at + i] ?? 0);
          second += (image[read + i + 1] ?? 0) * (matrices[at + i + 1] ?? 0);
        }
        if (i < taken) sum += (image[read + i] ?? 0) * (matrices[at + i] ?? 0);
      }
      out[to + o] = sum + second;
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
  { each, from, weights: starts }: Reads,
  weights: Float32Array,
  image: Float32Array,
  slope: Float32Array,
  into: Float32Array,
): Float32Array {
  const taken = conv.input.channels;
  const made = conv.output.channels;
  const block = taken * made;
  const biases = TAPS * block;
  const matrices = matricesOf(conv, weights);
  const inMatrices = conv.widens ? new Float32Array(matrices.length) : into;
  const back = new Float32Array(image.length);
  for (let first = 0, to = 0; to < slope.length; first += each, to += made) {
    for (let o = 0; o < made; o++) {
      const own = slope[to + o] ?? 0;
      // Half of what a rectified layer gives is 0, and has no slope.
      if (own === 0) continue;
      into[biases + o] = (into[biases + o] ?? 0) + own;
      for (let tap = first; tap < first + each; tap++) {
        const read = from[tap] ?? -1;
        if (read < 0) continue;
        let at = (starts[tap] ?? 0) + o * taken;
        for (let i = read; i < read + taken; i++, at++) {
          back[i] = (back[i] ?? 0) + own * (matrices[at] ?? 0);
          inMatrices[at] = (inMatrices[at] ?? 0) + own * (image[i] ?? 0);
        }
      }
    }
  }
  if (conv.widens)
    for (const [tap, whole] of PARTS)
      for (let at = 0; at < block; at++)
        into[tap * block + at] = (into[tap * block + at] ?? 0) + (inMatrices[whole * block + at] ?? 0);
  return back;
}
