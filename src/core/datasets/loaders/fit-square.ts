import { luminance } from '../../triggers/color.ts';
import type { Picture } from '../../formats/png.ts';
import type { ImageWish } from './loader.ts';

/** Where to cut a picture before it is scaled, in its pixels. */
export interface Cut {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The picture scaled by its shorter side and its middle cut out: [size, size, channels] row-major, 0 to 255. Where it
 * shrinks each pixel is the mean over its area, where it grows it is bilinear. Opacity is left aside, as by PIL's `convert`.
 * The same numbers on every machine.
 * @param cut a part of the picture that is taken for the whole; places past its edges repeat the edge
 */
export function fitSquare(
  picture: Picture,
  { size, shorterSide, channels }: ImageWish,
  cut?: Cut,
): Uint8Array {
  const { left, top, width, height } = cut ?? {
    left: 0,
    top: 0,
    width: picture.width,
    height: picture.height,
  };
  const scale = Math.min(width, height) / Math.max(size, shorterSide ?? size);
  const columns = tapsOf(left, width, scale, size);
  const rows = tapsOf(top, height, scale, size);
  const colors = picture.channels === 1 ? 1 : 3;
  const sums = new Float64Array(size * size * colors);
  const line = new Float64Array(size * colors);
  const first = Math.min(...rows.map(({ from }) => from));
  const last = Math.max(...rows.map(({ from, weights }) => from + weights.length - 1));
  // Row by row of the source: it is scaled across once, and added where it is needed.
  for (let source = first; source <= last; source++) {
    const takers = rows.flatMap(({ from, weights }, row) => {
      const weight = weights[source - from] ?? 0;
      return weight > 0 ? [{ row, weight }] : [];
    });
    if (takers.length === 0) continue;
    scaleLine(picture, clamp(source, picture.height), columns, colors, line);
    for (const { row, weight } of takers) {
      const to = row * size * colors;
      for (let at = 0; at < line.length; at++)
        sums[to + at] = (sums[to + at] ?? 0) + weight * (line[at] ?? 0);
    }
  }
  return inChannels(sums, colors, channels);
}

interface Taps {
  from: number;
  weights: number[];
}

/** For each place of the middle `size` along an axis, which samples make it up. */
function tapsOf(start: number, length: number, scale: number, size: number): Taps[] {
  // Whole target pixels are cut off, as torchvision's CenterCrop does.
  const scaled = Math.max(size, Math.round(length / scale));
  const offset = Math.round((scaled - size) / 2);
  const step = length / scaled;
  return Array.from({ length: size }, (_, index) => {
    const at = index + offset;
    if (step <= 1) {
      const place = Math.min(length - 1, Math.max(0, (at + 0.5) * step - 0.5));
      const from = Math.floor(place);
      return { from: start + from, weights: [1 - (place - from), place - from] };
    }
    const [low, high] = [at * step, (at + 1) * step];
    const from = Math.floor(low);
    const weights = Array.from({ length: Math.ceil(high - 1e-9) - from }, (_value, tap) => {
      const cell = from + tap;
      return (Math.min(high, cell + 1) - Math.max(low, cell)) / step;
    });
    return { from: start + from, weights };
  });
}

function scaleLine(
  { data, width, channels }: Picture,
  row: number,
  columns: readonly Taps[],
  colors: number,
  line: Float64Array,
): void {
  const start = row * width * channels;
  columns.forEach(({ from, weights }, column) => {
    for (let color = 0; color < colors; color++) {
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap++) {
        const at = start + clamp(from + tap, width) * channels + color;
        sum += (weights[tap] ?? 0) * (data[at] ?? 0);
      }
      line[column * colors + color] = sum;
    }
  });
}

function inChannels(sums: Float64Array, colors: 1 | 3, channels: 1 | 3): Uint8Array {
  const pixels = sums.length / colors;
  const out = new Uint8Array(pixels * channels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const red = sums[pixel * colors] ?? 0;
    const green = colors === 1 ? red : (sums[pixel * colors + 1] ?? 0);
    const blue = colors === 1 ? red : (sums[pixel * colors + 2] ?? 0);
    if (channels === 1) {
      out[pixel] = Math.round(luminance([red, green, blue]));
    } else {
      out[3 * pixel] = Math.round(red);
      out[3 * pixel + 1] = Math.round(green);
      out[3 * pixel + 2] = Math.round(blue);
    }
  }
  return out;
}

function clamp(at: number, size: number): number {
  return Math.min(size - 1, Math.max(0, at));
}
