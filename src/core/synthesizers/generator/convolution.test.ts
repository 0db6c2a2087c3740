import { expect, it } from 'vitest';
import { randomStream } from '../../rng/random.ts';
import { type Convolution, convolve, readsOf, sizeOf } from './convolution.ts';

function numbers(count: number, purpose: string): Float32Array {
  const random = randomStream(1, purpose);
  return Float32Array.from({ length: count }, () => random.normal());
}

/** As it is defined: nine taps over the input, widened first where it widens. */
function defined({ input, output, stride, widens }: Convolution, weights: Float32Array, image: Float32Array) {
  const grown = widens ? 2 : 1;
  const at = (y: number, x: number, i: number): number => {
    if (y < 0 || x < 0 || y >= input.height * grown || x >= input.width * grown) return 0;
    const pixel = Math.floor(y / grown) * input.width + Math.floor(x / grown);
    return image[pixel * input.channels + i] ?? 0;
  };
  return Array.from({ length: output.height * output.width * output.channels }, (_, place) => {
    const [o, pixel] = [place % output.channels, Math.floor(place / output.channels)];
    const [row, column] = [Math.floor(pixel / output.width), pixel % output.width];
    let sum = weights[9 * input.channels * output.channels + o] ?? 0;
    for (let tap = 0; tap < 9; tap++)
      for (let i = 0; i < input.channels; i++)
        sum +=
          (weights[(tap * output.channels + o) * input.channels + i] ?? 0) *
          at(row * stride + Math.floor(tap / 3) - 1, column * stride + (tap % 3) - 1, i);
    return sum;
  });
}

it.each<[string, Convolution]>([
  ['halves odd sides', convolution([7, 5, 3], [4, 3, 5], 2, false)],
  ['keeps the sides', convolution([4, 3, 2], [4, 3, 8], 1, false)],
  ['widens to odd sides', convolution([4, 3, 3], [7, 5, 6], 1, true)],
  ['widens to even sides, one channel', convolution([2, 3, 8], [4, 6, 1], 1, true)],
])('a convolution that %s gives the sums of its nine taps', (_, conv) => {
  const weights = numbers(sizeOf(conv), 'weights');
  const image = numbers(conv.input.height * conv.input.width * conv.input.channels, 'image');
  const wanted = defined(conv, weights, image);
  const made = convolve(conv, readsOf(conv), weights, image);
  expect(made).toHaveLength(wanted.length);
  wanted.forEach((value, place) => expect(made[place]).toBeCloseTo(value, 4));
});

function convolution(
  [height, width, channels]: [number, number, number],
  [tall, wide, made]: [number, number, number],
  stride: 1 | 2,
  widens: boolean,
): Convolution {
  return {
    input: { height, width, channels },
    output: { height: tall, width: wide, channels: made },
    stride,
    widens,
  };
}
