import type { LabError } from '../errors.ts';

export interface PngLayout {
  width: number;
  height: number;
  /** Bits of a value: 1, 2, 4, 8 or 16. */
  depth: number;
  /** PNG's colour type: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA. */
  color: number;
  /** Values of a pixel. */
  samples: number;
  interlaced: boolean;
}

/** Which pixels a pass over the picture holds. */
export interface PngPass {
  x: number;
  y: number;
  stepX: number;
  stepY: number;
}

export const wholePasses: readonly PngPass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];

/** The seven passes of an interlaced picture (ISO/IEC 15948, 8.2). */
export const ADAM7: readonly PngPass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

/**
 * Undoes the filters of one pass's rows (9.2) and puts their values, as bytes, at their places in `samples`
 * [height, width, samples]. Values of fewer than 8 bits are spread over 0 to 255, but for indices of a palette.
 * @param rows changed in place: each row a filter's number, then its bytes
 * @returns how many bytes of `rows` it took
 */
export function unfiltered(
  rows: Uint8Array,
  { width, height, depth, color, samples: perPixel }: PngLayout,
  { x, y, stepX, stepY }: PngPass,
  samples: Uint8Array,
  fault: (why: string) => LabError,
): number {
  const columns = Math.ceil((width - x) / stepX);
  const lines = Math.ceil((height - y) / stepY);
  if (columns <= 0 || lines <= 0) return 0;
  const rowBytes = Math.ceil((columns * perPixel * depth) / 8);
  const pixelBytes = Math.max(1, (perPixel * depth) / 8);
  const spread = depth < 8 && color !== 3 ? 255 / (2 ** depth - 1) : 1;
  let before: Uint8Array = new Uint8Array(rowBytes);
  for (let line = 0; line < lines; line++) {
    const at = line * (rowBytes + 1);
    const filter = rows[at] ?? 0;
    const row = rows.subarray(at + 1, at + 1 + rowBytes);
    if (!unfilter(row, before, pixelBytes, filter))
      throw fault(`It is damaged: a row has the filter ${filter}`);
    before = row;
    for (let column = 0; column < columns; column++) {
      const to = ((y + line * stepY) * width + x + column * stepX) * perPixel;
      for (let value = 0; value < perPixel; value++) {
        samples[to + value] = valueAt(row, column * perPixel + value, depth) * spread;
      }
    }
  }
  return lines * (rowBytes + 1);
}

function valueAt(row: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return row[index] ?? 0;
  if (depth === 16) return row[2 * index] ?? 0;
  const bit = index * depth;
  return ((row[bit >> 3] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
}

/** @returns false for a filter that there is not */
function unfilter(row: Uint8Array, above: Uint8Array, pixelBytes: number, filter: number): boolean {
  if (filter > 4) return false;
  if (filter === 0) return true;
  for (let at = 0; at < row.length; at++) {
    const left = at >= pixelBytes ? (row[at - pixelBytes] ?? 0) : 0;
    const up = above[at] ?? 0;
    const corner = at >= pixelBytes ? (above[at - pixelBytes] ?? 0) : 0;
    const guess =
      filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
    row[at] = (row[at] ?? 0) + guess;
  }
  return true;
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}
