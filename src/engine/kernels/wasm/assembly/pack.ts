import { roundUp8 } from './vector';

/**
 * Packing: B is copied once into panels of 8 columns, each k rows of 8 consecutive floats (missing columns are zero), so
 * that the inner loop reads it in order and from the nearest cache. A transposed A is packed the same way in groups of 4 rows.
 */

/** Bytes that packed panels of a k by n matrix take. */
// @ts-ignore: decorator
@inline
export function panelBytes(k: u32, n: u32): usize {
  return (<usize>roundUp8(n) * k) << 2;
}

/** Packs `k` rows of `width` (1 to 8) columns; strides in bytes. One panel. */
function packPanelPart(source: usize, rowStride: usize, columnStride: usize, k: u32, width: u32, target: usize): void {
  for (let p: u32 = 0; p < k; p++) {
    let from = source;
    for (let j: u32 = 0; j < width; j++) {
      store<f32>(target + (j << 2), load<f32>(from));
      from += columnStride;
    }
    for (let j = width; j < 8; j++) store<f32>(target + (j << 2), 0);
    source += rowStride;
    target += 32;
  }
}

/** Writes four rows of 4 columns, read as four columns of 4 rows, to `target` with rows 32 bytes apart. */
// @ts-ignore: decorator
@inline
function transpose4(source: usize, stride: usize, target: usize): void {
  const c0 = v128.load(source);
  const c1 = v128.load(source + stride);
  const c2 = v128.load(source + 2 * stride);
  const c3 = v128.load(source + 3 * stride);
  const low01 = v128.shuffle<f32>(c0, c1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(c0, c1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(c2, c3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(c2, c3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(target, v128.shuffle<f64>(low01, low23, 1, 3), 32);
  v128.store(target, v128.shuffle<f64>(high01, high23, 0, 2), 64);
  v128.store(target, v128.shuffle<f64>(high01, high23, 1, 3), 96);
}

/** Packs a whole k by n matrix whose element (p, j) is at source + p * rowStride + j * columnStride (bytes). */
export function packPanels(source: usize, rowStride: usize, columnStride: usize, k: u32, n: u32, target: usize): void {
  const panelSize = <usize>k << 5;
  for (let j: u32 = 0; j < n; j += 8) {
    const width = min(8, n - j);
    if (width < 8) {
      packPanelPart(source, rowStride, columnStride, k, width, target);
    } else if (columnStride == 4) {
      let from = source;
      let to = target;
      for (let p: u32 = 0; p < k; p++) {
        const left = v128.load(from);
        const right = v128.load(from, 16);
        v128.store(to, left);
        v128.store(to, right, 16);
        from += rowStride;
        to += 32;
      }
    } else if (rowStride == 4) {
      let p: u32 = 0;
      for (; p + 4 <= k; p += 4) {
        const from = source + (p << 2);
        const to = target + (p << 5);
        transpose4(from, columnStride, to);
        transpose4(from + 4 * columnStride, columnStride, to + 16);
      }
      packPanelPart(source + (p << 2), 4, columnStride, k - p, 8, target + (p << 5));
    } else {
      packPanelPart(source, rowStride, columnStride, k, 8, target);
    }
    source += columnStride << 3;
    target += panelSize;
  }
}

/** Packs m by k values with rows 4 bytes apart (a transposed A) into groups of 4 rows: [group][p][4]. Rows past m repeat row m - 1. */
export function packTransposedRows(source: usize, columnStride: usize, m: u32, k: u32, target: usize): void {
  for (let i: u32 = 0; i < m; i += 4) {
    let from = source + (i << 2);
    const rows = min(4, m - i);
    for (let p: u32 = 0; p < k; p++) {
      if (rows == 4) {
        v128.store(target, v128.load(from));
      } else {
        for (let r: u32 = 0; r < 4; r++) store<f32>(target + (r << 2), load<f32>(from + (min(r, rows - 1) << 2)));
      }
      from += columnStride;
      target += 16;
    }
  }
}

/**
 * Packs one tile of 4 rows, given by their byte offsets in `rows` from `source`, over runs of values `step` bytes apart:
 * [value][4]. Worth it where runs are so short that starting them costs as much as the arithmetic.
 */
export function packTile(source: usize, rows: usize, runs: usize, runCount: u32, runLength: u32, step: usize, target: usize): void {
  const first = load<u32>(rows);
  const second = load<u32>(rows, 4) - first;
  const third = load<u32>(rows, 8) - first;
  const fourth = load<u32>(rows, 12) - first;
  const together = second == 4 && third == 8 && fourth == 12;
  for (let run: u32 = 0; run < runCount; run++) {
    let from = source + first + load<u32>(runs + (run << 2));
    if (together) {
      for (let left = runLength; left > 0; left--) {
        v128.store(target, v128.load(from));
        from += step;
        target += 16;
      }
    } else {
      for (let left = runLength; left > 0; left--) {
        const a = load<f32>(from);
        const b = load<f32>(from + second);
        const c = load<f32>(from + third);
        const d = load<f32>(from + fourth);
        store<f32>(target, a);
        store<f32>(target, b, 4);
        store<f32>(target, c, 8);
        store<f32>(target, d, 12);
        from += step;
        target += 16;
      }
    }
  }
}
