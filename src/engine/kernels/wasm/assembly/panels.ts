import { packTile } from './pack';
import { TILE_ROWS, tile4x4, tile4x8 } from './tile';

/** Bytes of the side buffer for tiles that stick out of C: a table of row offsets, then rows of 8 floats. */
export const EDGE_BYTES: usize = 192;
const EDGE_TILE: usize = 32;

/** Fills in the row table of the side buffer; once per call of a kernel. */
export function prepareEdge(edge: usize): void {
  for (let i: u32 = 0; i < TILE_ROWS; i++) store<u32>(edge + (i << 2), <u32>EDGE_TILE + (i << 5));
}

/** Copies or adds the part of a tile that lies inside C. */
function writeEdge(edge: usize, rows: u32, width: u32, c: usize, cRows: usize, accumulate: bool): void {
  let from = edge + EDGE_TILE;
  for (let i: u32 = 0; i < rows; i++) {
    const to = c + load<u32>(cRows + (i << 2));
    for (let j: u32 = 0; j < width; j++) {
      const at = to + (j << 2);
      const value = load<f32>(from + (j << 2));
      store<f32>(at, accumulate ? load<f32>(at) + value : value);
    }
    from += 32;
  }
}

/**
 * C (m rows through `cRows`, n columns) = or += A (m rows through `aRows`, k = runCount * runLength) times packed panels.
 * Both row tables hold byte offsets; `aRows` is padded to a multiple of TILE_ROWS entries by repeating the last one.
 * Panels are the outer loop, so one panel stays in the first-level cache while the rows pass by.
 */
export function multiplyPanels(
  aBase: usize, aRows: usize, m: u32, runs: usize, runCount: u32, runLength: u32, aStep: usize,
  panels: usize, n: u32, cBase: usize, cRows: usize, accumulate: bool, edge: usize,
): void {
  const panelSize = <usize>(runCount * runLength) << 5;
  for (let j: u32 = 0; j < n; j += 8) {
    const width = min(8, n - j);
    const c = cBase + (j << 2);
    for (let i: u32 = 0; i < m; i += TILE_ROWS) {
      const rows = min(TILE_ROWS, m - i);
      const a = aRows + (i << 2);
      const cRow = cRows + (i << 2);
      const direct = rows == TILE_ROWS && (width == 8 || width == 4);
      const tileBase = direct ? c : edge;
      const tileRows = direct ? cRow : edge;
      if (width > 4) {
        tile4x8(aBase, a, runs, runCount, runLength, aStep, panels, tileBase, tileRows, accumulate && direct);
      } else {
        tile4x4(aBase, a, runs, runCount, runLength, aStep, panels, tileBase, tileRows, accumulate && direct);
      }
      if (!direct) writeEdge(edge, rows, width, c, cRow, accumulate);
    }
    panels += panelSize;
  }
}

/** Bytes that `multiplyTiles` needs for its tile of A over k values. */
export function tileBytes(k: u32): usize {
  return EDGE_BYTES + 16 + (<usize>k << 4);
}

/**
 * The same as `multiplyPanels` for A rows in many short runs: each tile of A is packed first (into `tile`, see tileBytes)
 * and then goes past all panels.
 */
export function multiplyTiles(
  aBase: usize, aRows: usize, m: u32, runs: usize, runCount: u32, runLength: u32, aStep: usize,
  panels: usize, n: u32, cBase: usize, cRows: usize, accumulate: bool, edge: usize, tile: usize,
): void {
  const k = runCount * runLength;
  const tileRows = tile;
  const oneRun = tile + 16;
  const values = oneRun + 16;
  for (let r: u32 = 0; r < TILE_ROWS; r++) store<u32>(tileRows + (r << 2), r << 2);
  store<u32>(oneRun, 0);
  for (let i: u32 = 0; i < m; i += TILE_ROWS) {
    packTile(aBase, aRows + (i << 2), runs, runCount, runLength, aStep, values);
    const rows = min(TILE_ROWS, m - i);
    multiplyPanels(values, tileRows, rows, oneRun, 1, k, 16, panels, n, cBase, cRows + (i << 2), accumulate, edge);
  }
}

/** Fills `count` offsets 0, stride, 2 * stride, ... and pads to a multiple of TILE_ROWS by repeating the last one. */
export function fillRows(table: usize, count: u32, stride: usize): void {
  for (let i: u32 = 0; i < count; i++) store<u32>(table + (i << 2), <u32>(i * stride));
  padRows(table, count);
}

/** Repeats the last of `count` offsets up to a multiple of TILE_ROWS. */
export function padRows(table: usize, count: u32): void {
  const last = load<u32>(table + ((count - 1) << 2));
  for (let i = count; i % TILE_ROWS != 0; i++) store<u32>(table + (i << 2), last);
}

/** `count` rounded up to whole tiles. */
// @ts-ignore: decorator
@inline
export function wholeTiles(count: u32): u32 {
  return ((count + TILE_ROWS - 1) / TILE_ROWS) * TILE_ROWS;
}
