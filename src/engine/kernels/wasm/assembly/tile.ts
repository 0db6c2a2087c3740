import { multiplyAdd } from './vector';

/**
 * The register tile, the one inner loop behind matrix products and convolutions. A is read in place through tables of byte
 * offsets (so a convolution needs no im2col copy), B comes packed in panels of 8 columns (see pack.ts).
 *
 * Why 4 rows by 8 columns: V8 issues all loads of a loop body before its arithmetic, so 8 sums, 4 broadcast A values and
 * 2 B vectors must fit the 15 vector registers at once. A 6 by 8 tile spilled four sums to the stack and ran at half the
 * speed in Node 20. Eight sums in flight still hide the four cycles of a fused multiply-add on two units. For the same
 * reason the loop is not unrolled.
 */

/** Rows of a tile; row tables are padded to a multiple of it. */
export const TILE_ROWS: u32 = 4;

// @ts-ignore: decorator
@inline
function storeRow8(c: usize, left: v128, right: v128, accumulate: bool): void {
  if (accumulate) {
    left = f32x4.add(v128.load(c), left);
    right = f32x4.add(v128.load(c, 16), right);
  }
  v128.store(c, left);
  v128.store(c, right, 16);
}

// @ts-ignore: decorator
@inline
function storeRow4(c: usize, left: v128, accumulate: bool): void {
  v128.store(c, accumulate ? f32x4.add(v128.load(c), left) : left);
}

/**
 * One tile of 4 rows by 8 columns. Row i of A begins at aBase + aRows[i]; the k values of a row are `runCount` runs of
 * `runLength` values, run r at byte offset runs[r], values `aStep` bytes apart. `panel` holds k groups of 8 B values.
 * Row i of C begins at cBase + cRows[i]; the tile is added to it when `accumulate` is set, else it replaces it.
 */
export function tile4x8(
  aBase: usize, aRows: usize, runs: usize, runCount: u32, runLength: u32, aStep: usize,
  panel: usize, cBase: usize, cRows: usize, accumulate: bool,
): void {
  const row0 = aBase + load<u32>(aRows);
  const row1 = aBase + load<u32>(aRows, 4);
  const row2 = aBase + load<u32>(aRows, 8);
  const row3 = aBase + load<u32>(aRows, 12);
  let left0 = f32x4.splat(0);
  let right0 = f32x4.splat(0);
  let left1 = f32x4.splat(0);
  let right1 = f32x4.splat(0);
  let left2 = f32x4.splat(0);
  let right2 = f32x4.splat(0);
  let left3 = f32x4.splat(0);
  let right3 = f32x4.splat(0);
  let b = panel;
  for (let run: u32 = 0; run < runCount; run++) {
    const offset = <usize>load<u32>(runs + (run << 2));
    let a0 = row0 + offset;
    let a1 = row1 + offset;
    let a2 = row2 + offset;
    let a3 = row3 + offset;
    for (let remaining = runLength; remaining > 0; remaining--) {
      const bLeft = v128.load(b);
      const bRight = v128.load(b, 16);
      const value0 = v128.load_splat<f32>(a0);
      left0 = multiplyAdd(value0, bLeft, left0);
      right0 = multiplyAdd(value0, bRight, right0);
      const value1 = v128.load_splat<f32>(a1);
      left1 = multiplyAdd(value1, bLeft, left1);
      right1 = multiplyAdd(value1, bRight, right1);
      const value2 = v128.load_splat<f32>(a2);
      left2 = multiplyAdd(value2, bLeft, left2);
      right2 = multiplyAdd(value2, bRight, right2);
      const value3 = v128.load_splat<f32>(a3);
      left3 = multiplyAdd(value3, bLeft, left3);
      right3 = multiplyAdd(value3, bRight, right3);
      b += 32;
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
    }
  }
  storeRow8(cBase + load<u32>(cRows), left0, right0, accumulate);
  storeRow8(cBase + load<u32>(cRows, 4), left1, right1, accumulate);
  storeRow8(cBase + load<u32>(cRows, 8), left2, right2, accumulate);
  storeRow8(cBase + load<u32>(cRows, 12), left3, right3, accumulate);
}

/**
 * One tile of 4 rows by 4 columns. Row i of A begins at aBase + aRows[i]; the k values of a row are `runCount` runs of
 * `runLength` values, run r at byte offset runs[r], values `aStep` bytes apart. `panel` holds k groups of 8 B values.
 * Row i of C begins at cBase + cRows[i]; the tile is added to it when `accumulate` is set, else it replaces it.
 */
export function tile4x4(
  aBase: usize, aRows: usize, runs: usize, runCount: u32, runLength: u32, aStep: usize,
  panel: usize, cBase: usize, cRows: usize, accumulate: bool,
): void {
  const row0 = aBase + load<u32>(aRows);
  const row1 = aBase + load<u32>(aRows, 4);
  const row2 = aBase + load<u32>(aRows, 8);
  const row3 = aBase + load<u32>(aRows, 12);
  let left0 = f32x4.splat(0);
  let left1 = f32x4.splat(0);
  let left2 = f32x4.splat(0);
  let left3 = f32x4.splat(0);
  let b = panel;
  for (let run: u32 = 0; run < runCount; run++) {
    const offset = <usize>load<u32>(runs + (run << 2));
    let a0 = row0 + offset;
    let a1 = row1 + offset;
    let a2 = row2 + offset;
    let a3 = row3 + offset;
    for (let remaining = runLength; remaining > 0; remaining--) {
      const bLeft = v128.load(b);
      const value0 = v128.load_splat<f32>(a0);
      left0 = multiplyAdd(value0, bLeft, left0);
      const value1 = v128.load_splat<f32>(a1);
      left1 = multiplyAdd(value1, bLeft, left1);
      const value2 = v128.load_splat<f32>(a2);
      left2 = multiplyAdd(value2, bLeft, left2);
      const value3 = v128.load_splat<f32>(a3);
      left3 = multiplyAdd(value3, bLeft, left3);
      b += 32;
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
    }
  }
  storeRow4(cBase + load<u32>(cRows), left0, accumulate);
  storeRow4(cBase + load<u32>(cRows, 4), left1, accumulate);
  storeRow4(cBase + load<u32>(cRows, 8), left2, accumulate);
  storeRow4(cBase + load<u32>(cRows, 12), left3, accumulate);
}
