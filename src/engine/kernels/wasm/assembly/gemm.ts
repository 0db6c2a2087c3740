import { EDGE_BYTES, fillRows, multiplyPanels, padRows, prepareEdge, wholeTiles } from './panels';
import { packPanels, packTransposedRows, panelBytes } from './pack';
import { rowProduct } from './row-product';
import { fillZero } from './vector';

/** Rows of A and values of k that are worked on at a time: 240 x 256 floats stay in the second-level cache. */
const ROW_BLOCK: u32 = 240;
const K_BLOCK: u32 = 256;

/** Up to so many rows, B is not worth packing. */
const FEW_ROWS: u32 = 2;

const TABLE_BYTES: usize = ROW_BLOCK * 4;

/** Scratch bytes that `gemm` needs for an m by n product over k. */
export function gemmScratchBytes(m: u32, n: u32, k: u32): usize {
  const kBlock = min(k, K_BLOCK);
  const packedRows = (<usize>wholeTiles(min(m, ROW_BLOCK)) * kBlock) << 2;
  return EDGE_BYTES + 16 + 2 * TABLE_BYTES + packedRows + 64 + panelBytes(kBlock, n);
}

/**
 * C = A B, or C += A B. Element (i, p) of A is at a + i * aRowStride + p * aColumnStride, so a transposed operand is
 * one with its strides exchanged; the same for B. C is row-major with rows `cRowStride` apart. Strides in bytes; one
 * of each operand's strides is 4. The blocking follows Goto and van de Geijn, "Anatomy of high-performance matrix
 * multiplication" (ACM TOMS 2008). The order of additions depends on the shape alone.
 */
export function gemm(
  a: usize, aRowStride: usize, aColumnStride: usize, b: usize, bRowStride: usize, bColumnStride: usize,
  c: usize, cRowStride: usize, m: u32, n: u32, k: u32, accumulate: bool, scratch: usize,
): void {
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (!accumulate) for (let i: u32 = 0; i < m; i++) fillZero(c + i * cRowStride, n);
    return;
  }
  if (m <= FEW_ROWS && bColumnStride == 4) {
    for (let p: u32 = 0; p < k; p += K_BLOCK) {
      const depth = min(K_BLOCK, k - p);
      for (let i: u32 = 0; i < m; i++) {
        const row = a + i * aRowStride + p * aColumnStride;
        rowProduct(row, aColumnStride, b + p * bRowStride, bRowStride, c + i * cRowStride, n, depth, accumulate || p > 0);
      }
    }
    return;
  }
  const edge = scratch;
  const run = edge + EDGE_BYTES;
  const aRows = run + 16;
  const cRows = aRows + TABLE_BYTES;
  const packedRows = cRows + TABLE_BYTES;
  const kBlock = min(k, K_BLOCK);
  const transposed = aColumnStride != 4;
  const rowBytes = transposed ? (<usize>wholeTiles(min(m, ROW_BLOCK)) * kBlock) << 2 : 0;
  const panels = (packedRows + rowBytes + 63) & ~63;
  prepareEdge(edge);
  store<u32>(run, 0);
  fillRows(cRows, min(m, ROW_BLOCK), cRowStride);
  for (let p: u32 = 0; p < k; p += K_BLOCK) {
    const depth = min(K_BLOCK, k - p);
    packPanels(b + p * bRowStride, bRowStride, bColumnStride, depth, n, panels);
    const add = accumulate || p > 0;
    for (let i: u32 = 0; i < m; i += ROW_BLOCK) {
      const rows = min(ROW_BLOCK, m - i);
      const block = a + i * aRowStride + p * aColumnStride;
      if (transposed) {
        packTransposedRows(block, aColumnStride, rows, depth, packedRows);
        fillPackedRows(aRows, rows, depth);
        multiplyPanels(packedRows, aRows, rows, run, 1, depth, 16, panels, n, c + i * cRowStride, cRows, add, edge);
      } else {
        fillRows(aRows, rows, aRowStride);
        multiplyPanels(block, aRows, rows, run, 1, depth, 4, panels, n, c + i * cRowStride, cRows, add, edge);
      }
    }
  }
}

/** Where each row begins in what packTransposedRows wrote. */
function fillPackedRows(table: usize, rows: u32, k: u32): void {
  for (let i: u32 = 0; i < rows; i++) store<u32>(table + (i << 2), ((i / 4) * 4 * k + (i % 4)) << 2);
  padRows(table, rows);
}
