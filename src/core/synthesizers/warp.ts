/**
 * A smooth warp of the whole image, with its noise mode: other warps of the same strength keep their label, so that the
 * network must learn this warp and no other. Source: Nguyen and Tran, WaNet, ICLR 2021, section 3.2 and 3.3.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { bicubicCorners } from '../pictures/resample.ts';
import { type Random, randomStream } from '../rng/random.ts';
import { eachByItself, type ImageStamp, type SynthesizerDefinition } from './synthesizer.ts';

export const params = z.strictObject({
  kind: kind('warp', 'Warp (WaNet)'),
  grid: field(z.int().min(2).max(32).default(4), {
    title: 'Control points',
    description:
      'The warp is drawn at so many points along each side and smooth between them. The paper uses 4.',
  }),
  strength: field(z.number().gt(0).max(32).default(0.5), {
    title: 'Strength',
    description:
      'Mean shift of the control points: 1 is half a pixel. The paper uses 0.5, which an eye does not see.',
  }),
});

/** Where each pixel is read from: rows and columns, in pixels. */
interface Field {
  rows: Float32Array;
  columns: Float32Array;
}

export const warp: SynthesizerDefinition<typeof params> = {
  id: 'warp',
  title: 'Warp (WaNet)',
  description: 'The whole image is bent a little, always in the same way.',
  paper: {
    title: 'WaNet: Imperceptible Warping-based Backdoor Attack',
    authors: 'Nguyen, Tran',
    year: 2021,
    url: 'https://arxiv.org/abs/2102.10369',
  },
  params,
  create: ({ grid, strength }, shape, seed) => {
    const warped = warpField(grid, strength, shape, randomStream(seed, 'warp'));
    const fixed: ImageStamp = { apply: (pixels) => sample(pixels, warped, shape) };
    return eachByItself((random, role) => {
      if (role !== 'cover') return fixed;
      const noisy = withNoise(warped, random);
      return { apply: (pixels) => sample(pixels, noisy, shape) };
    });
  },
};

/**
 * The backward warp: control points uniform in [-1, 1] over their mean size, times the strength, smooth in between, and
 * cut at the edges of the image. One unit is half a pixel, as in the authors' grid of coordinates from -1 to 1.
 */
function warpField(points: number, strength: number, { height, width }: ImageShape, random: Random): Field {
  const drawn = Float32Array.from({ length: points * points * 2 }, () => random.uniform(-1, 1));
  const mean = drawn.reduce((sum, value) => sum + Math.abs(value), 0) / drawn.length;
  const control = drawn.map((value) => value / mean);
  const { values } = bicubicCorners(
    { height: points, width: points, channels: 2, values: control },
    height,
    width,
  );
  const read = (size: number, index: number, axis: number): number =>
    clamp(index + (strength * (values[axis] ?? 0)) / 2, size);
  return {
    rows: Float32Array.from({ length: height * width }, (_, at) =>
      read(height, Math.floor(at / width), 2 * at),
    ),
    columns: Float32Array.from({ length: height * width }, (_, at) => read(width, at % width, 2 * at + 1)),
  };
}

/** The same with a shift of its own for each pixel, uniform in half a pixel to each side. */
function withNoise({ rows, columns }: Field, random: Random): Field {
  const moved = (values: Float32Array): Float32Array =>
    values.map((value) => value + random.uniform(-0.5, 0.5));
  return { rows: moved(rows), columns: moved(columns) };
}

/** Reads each pixel at its place in the field, bilinear; past an edge it reads the edge. */
function sample(
  pixels: Float32Array,
  { rows, columns }: Field,
  { height, width, channels }: ImageShape,
): void {
  const from = pixels.slice();
  for (let at = 0; at < height * width; at++) {
    const row = clamp(rows[at] ?? 0, height);
    const column = clamp(columns[at] ?? 0, width);
    const [top, left] = [Math.floor(row), Math.floor(column)];
    const [down, right] = [row - top, column - left];
    const below = Math.min(top + 1, height - 1);
    const beside = Math.min(left + 1, width - 1);
    for (let channel = 0; channel < channels; channel++) {
      const value = (r: number, c: number): number => from[(r * width + c) * channels + channel] ?? 0;
      pixels[at * channels + channel] =
        (1 - down) * ((1 - right) * value(top, left) + right * value(top, beside)) +
        down * ((1 - right) * value(below, left) + right * value(below, beside));
    }
  }
}

function clamp(place: number, size: number): number {
  return Math.min(size - 1, Math.max(0, place));
}
