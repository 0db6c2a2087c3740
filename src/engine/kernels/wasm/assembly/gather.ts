import { addInto, fillZero } from './vector';

/** Copies row ids[i] of a table to row i, for `count` ids. @returns the place of the first id outside the table, or -1 */
export function gatherRows(table: usize, rows: u32, rowBytes: usize, ids: usize, count: u32, target: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    const id = load<u32>(ids);
    if (id >= rows) return i;
    memory.copy(target, table + id * rowBytes, rowBytes);
    ids += 4;
    target += rowBytes;
  }
  return -1;
}

/**
 * The gradient of gatherRows: adds row i of dy, of `width` floats, to row ids[i] of a table of zeros, in the order of i.
 * @returns the place of the first id outside the table, or -1
 */
export function scatterRows(dy: usize, ids: usize, count: u32, width: u32, target: usize, rows: u32): i32 {
  const rowBytes = <usize>width << 2;
  fillZero(target, <usize>rows * width);
  for (let i: u32 = 0; i < count; i++) {
    const id = load<u32>(ids);
    if (id >= rows) return i;
    addInto(target + id * rowBytes, dy, width);
    ids += 4;
    dy += rowBytes;
  }
  return -1;
}
