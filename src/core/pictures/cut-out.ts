/** An object cut out of a photo: what lies within an outline, and where wished without its background. */
import type { PictureConfig } from '../config/schema-picture.ts';
import { LabError } from '../errors.ts';
import type { Point } from './homography.ts';
import { type Raster, resize } from './resample.ts';

/** Red, green, blue and opacity of each pixel, one byte each, row by row. */
export interface Photo {
  width: number;
  height: number;
  data: Uint8Array | Uint8ClampedArray;
}

export type Color = readonly [number, number, number];

/** What is taken away within the outline. */
export interface Background {
  /** Red, green and blue, 0 to 255. */
  color: Color;
  /** Colours nearer than this go, in [0, 1], where 1 is the distance from black to white. */
  tolerance: number;
}

/** Over this distance of colours beyond the tolerance the opacity grows from 0 to 1. */
const SOFT_EDGE = 0.06;

const FULL_DISTANCE = 255 * Math.sqrt(3);

/** How far two colours are apart, in [0, 1]. */
export function colorDistance(one: Color, other: Color): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]) / FULL_DISTANCE;
}

/** Where an outline crosses a height, from left to right; its last point is joined with the first. */
function crossings(y: number, outline: readonly Point[]): number[] {
  return outline
    .flatMap(([x1, y1], at) => {
      const [x2, y2] = outline.at(at - 1) ?? [x1, y1];
      return y1 > y !== y2 > y ? [((x2 - x1) * (y - y1)) / (y2 - y1) + x1] : [];
    })
    .sort((a, b) => a - b);
}

/** The median of each channel along an outline, which a person draws through what lies around the object. */
export function colorAlong({ width, height, data }: Photo, outline: readonly Point[]): Color {
  const seen: [number[], number[], number[]] = [[], [], []];
  outline.forEach(([x1, y1], at) => {
    const [x2, y2] = outline.at(at - 1) ?? [x1, y1];
    const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1)));
    for (let step = 0; step < steps; step++) {
      const column = Math.floor(x1 + ((x2 - x1) * step) / steps);
      const row = Math.floor(y1 + ((y2 - y1) * step) / steps);
      const from = 4 * (clamp(row, height) * width + clamp(column, width));
      seen.forEach((values, channel) => values.push(data[from + channel] ?? 0));
    }
  });
  const [red, green, blue] = seen.map(median);
  return [red ?? 0, green ?? 0, blue ?? 0];
}

/**
 * The object as a picture that an experiment carries: cut to its bounds, its longer side at most `longestSide` pixels.
 * @param outline three points or more, in pixels of the photo
 * @throws LabError E-TRIGGER when nothing is left
 */
export function cutOut(
  photo: Photo,
  outline: readonly Point[],
  background: Background | null,
  longestSide: number,
): Extract<PictureConfig, { kind: 'image' }> {
  const opacity = opacityOf(photo, outline, background);
  const bounds = boundsOf(opacity, photo);
  if (!bounds) throw nothingLeft(background !== null);
  const { left, top, width, height } = bounds;
  const values = new Float32Array(4 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (top + row) * photo.width + left + column;
      const to = 4 * (row * width + column);
      const alpha = opacity[from] ?? 0;
      for (let channel = 0; channel < 3; channel++)
        values[to + channel] = ((photo.data[4 * from + channel] ?? 0) / 255) * alpha;
      values[to + 3] = alpha;
    }
  }
  const scale = Math.min(1, longestSide / Math.max(width, height));
  const side = (given: number): number => Math.max(1, Math.round(given * scale));
  return asPicture(resize({ width, height, channels: 4, values }, side(height), side(width)));
}

/** [height * width], 0 outside of the outline (by the even-odd rule) and where the background is. */
function opacityOf(
  { width, height, data }: Photo,
  outline: readonly Point[],
  background: Background | null,
): Float32Array {
  const opacity = new Float32Array(width * height);
  for (let row = 0; row < height; row++) {
    const at = crossings(row + 0.5, outline);
    for (let pair = 0; pair + 1 < at.length; pair += 2) {
      // A pixel is within where its middle is.
      const from = Math.max(0, Math.ceil((at[pair] ?? 0) - 0.5));
      const to = Math.min(width, Math.ceil((at[pair + 1] ?? 0) - 0.5));
      for (let pixel = row * width + from; pixel < row * width + to; pixel++) {
        const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * pixel, 4 * pixel + 4);
        opacity[pixel] = (alpha / 255) * (background ? shareKept([red, green, blue], background) : 1);
      }
    }
  }
  return opacity;
}

function shareKept(color: Color, { color: gone, tolerance }: Background): number {
  return Math.min(1, Math.max(0, (colorDistance(color, gone) - tolerance) / SOFT_EDGE));
}

interface Bounds {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The smallest box around what is to be seen; null where nothing is. */
function boundsOf(opacity: Float32Array, { width, height }: Photo): Bounds | null {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if ((opacity[row * width + column] ?? 0) < 0.02) continue;
      left = Math.min(left, column);
      right = Math.max(right, column + 1);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row + 1);
    }
  }
  return right > left ? { left, top, width: right - left, height: bottom - top } : null;
}

function asPicture({ width, height, values }: Raster): Extract<PictureConfig, { kind: 'image' }> {
  const bytes = Array.from({ length: 4 * width * height }, (_, at) => {
    const alpha = values[at | 3] ?? 0;
    const value = (at & 3) === 3 ? alpha : alpha > 0 ? (values[at] ?? 0) / alpha : 0;
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  });
  return { kind: 'image', width, height, rgba: btoa(String.fromCharCode(...bytes)) };
}

function nothingLeft(hasBackground: boolean): LabError {
  return new LabError({
    code: 'E-TRIGGER',
    what: 'Nothing is left of the object.',
    why: hasBackground
      ? 'All that lies within the line has nearly the colour that is taken away.'
      : 'The line encloses no pixel of the photo.',
    fix: hasBackground ? 'Take less of the background away.' : 'Draw the line around the object again.',
    where: 'attack.synthesizer.picture',
  });
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function clamp(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, at));
}
