/** Pictures at another size. Values are [height, width, channels] row-major. */

export interface Raster {
  height: number;
  width: number;
  channels: number;
  values: Float32Array;
}

/** Weights of the source samples around one place along an axis. */
interface Taps {
  from: number;
  weights: readonly number[];
}

/**
 * Bilinear, pixel centres aligned (PyTorch's `interpolate(mode='bilinear', align_corners=False)`); where a picture
 * shrinks, each new pixel is the mean over its area, so that nothing is skipped.
 */
export function resize(picture: Raster, height: number, width: number): Raster {
  const rows = axisTaps(picture.height, height, areaOrLinear);
  const columns = axisTaps(picture.width, width, areaOrLinear);
  return resampled(picture, rows, columns);
}

/** Bicubic with the corners aligned (PyTorch's `interpolate(mode='bicubic', align_corners=True)`, a = -0.75). */
export function bicubicCorners(picture: Raster, height: number, width: number): Raster {
  const rows = axisTaps(picture.height, height, cubicCorners);
  const columns = axisTaps(picture.width, width, cubicCorners);
  return resampled(picture, rows, columns);
}

type TapsOf = (at: number, source: number, target: number) => Taps;

function axisTaps(source: number, target: number, tapsOf: TapsOf): Taps[] {
  return Array.from({ length: target }, (_, at) => tapsOf(at, source, target));
}

function areaOrLinear(at: number, source: number, target: number): Taps {
  const scale = source / target;
  if (scale > 1) {
    const [start, end] = [at * scale, (at + 1) * scale];
    const from = Math.floor(start);
    const count = Math.ceil(end - 1e-9) - from;
    const weights = Array.from({ length: count }, (_, index) => {
      const cell = from + index;
      return (Math.min(end, cell + 1) - Math.max(start, cell)) / scale;
    });
    return { from, weights };
  }
  const place = Math.max(0, (at + 0.5) * scale - 0.5);
  const from = Math.floor(place);
  return { from, weights: [1 - (place - from), place - from] };
}

function cubicCorners(at: number, source: number, target: number): Taps {
  const place = target > 1 ? (at * (source - 1)) / (target - 1) : 0;
  const from = Math.floor(place);
  const t = place - from;
  return { from: from - 1, weights: [1 + t, t, 1 - t, 2 - t].map(cubic) };
}

/** Keys, Cubic convolution interpolation, 1981, equation 15 with a = -0.75. */
function cubic(distance: number): number {
  const a = -0.75;
  const x = Math.abs(distance);
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
}

/** Samples past an edge are those of the edge. */
function resampled(
  { height, width, channels, values }: Raster,
  rows: readonly Taps[],
  columns: readonly Taps[],
): Raster {
  const out = new Float32Array(rows.length * columns.length * channels);
  const clamp = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
  let to = 0;
  for (const row of rows) {
    for (const column of columns) {
      for (let channel = 0; channel < channels; channel++) {
        let sum = 0;
        row.weights.forEach((rowWeight, r) => {
          const line = clamp(row.from + r, height) * width;
          column.weights.forEach((weight, c) => {
            const at = (line + clamp(column.from + c, width)) * channels + channel;
            sum += rowWeight * weight * (values[at] ?? 0);
          });
        });
        out[to++] = sum;
      }
    }
  }
  return { height: rows.length, width: columns.length, channels, values: out };
}
