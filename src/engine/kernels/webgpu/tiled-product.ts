/**
 * WGSL of a tiled matrix product C [m, n] = A [m, k] B [k, n] whose operands are gathered by functions: an implicit
 * product, which a convolution is. A workgroup computes a tile of C, each invocation 8 rows by 4 columns of it. Panels
 * of A and B, 16 deep, go through workgroup memory as vectors of four rows or four columns.
 */

/** Depth of a panel. */
const DEPTH = 16;
const ROWS_EACH = 8;
const COLUMNS_EACH = 4;

export interface Tile {
  rows: number;
  columns: number;
  workgroupSize: number;
}

/** The tile for a product with n columns: no wider than it must be, so that few lanes compute what nobody keeps. */
export function tileFor(n: number): Tile {
  const [rows, columns] = n > 32 ? [64, 64] : n > 16 ? [64, 32] : [128, 16];
  return { rows, columns, workgroupSize: (rows / ROWS_EACH) * (columns / COLUMNS_EACH) };
}

export function tileCount({ rows, columns }: Tile, m: number, n: number): number {
  return Math.ceil(m / rows) * Math.ceil(n / columns);
}

export interface TiledProduct {
  tile: Tile;
  /** Which neighbours lie side by side in memory: along the depth, or along the rows (columns) of the operand. */
  adjacent: { a: 'depth' | 'rows'; b: 'depth' | 'columns' };
  /**
   * WGSL of the functions
   * `problemOf(layer: i32) -> Problem`: the extents of this layer's product, and the part of the depth to add up;
   * `rowOf(layer: i32, m: i32) -> vec4i`: what the others need to know of a row, worked out once; not called past the end;
   * `depthOf(layer: i32, k: i32) -> vec4i`: the same of a step along the depth;
   * `loadA(row: vec4i, depth: vec4i) -> f32` and `loadB(depth: vec4i, n: i32) -> f32`;
   * `store(layer: i32, m: i32, n: i32, value: f32)`.
   */
  functions: string;
}

/** Panels as vectors of four; one vector more a line keeps lanes that store a column off each other's memory banks. */
function fillPanel(panel: 'A' | 'B', side: number, lanes: number, adjacent: 'depth' | 'side'): string {
  const groups = side / 4;
  const load = (offset: number) => {
    const index = `group * 4 + ${offset}`;
    return panel === 'A'
      ? `select(0.0, loadA(rowInfo[${index}], depth), rowFirst + ${index} < p.m)`
      : `select(0.0, loadB(depth, columnFirst + ${index}), columnFirst + ${index} < p.n)`;
  };
  return `
    for (var item = lane; item < ${DEPTH * groups}; item += ${lanes}) {
      let deep = item ${adjacent === 'depth' ? `% ${DEPTH}` : `/ ${groups}`};
      let group = item ${adjacent === 'depth' ? `/ ${DEPTH}` : `% ${groups}`};
      var four = vec4f();
      if (kFirst + deep < p.kEnd) {
        let depth = depthInfo[deep];
        four = vec4f(${[0, 1, 2, 3].map(load).join(', ')});
      }
      panel${panel}[deep * ${groups + 1} + group] = four;
    }`;
}

export function tiledProductCode({ tile, adjacent, functions }: TiledProduct): string {
  const { rows, columns, workgroupSize: lanes } = tile;
  const across = columns / COLUMNS_EACH;
  const strideA = rows / 4 + 1;
  const strideB = columns / 4 + 1;
  const each = (line: (row: number) => string) =>
    Array.from({ length: ROWS_EACH }, (_, row) => line(row)).join('\n');
  return `
struct Problem { m: i32, n: i32, kBegin: i32, kEnd: i32 }
${functions}
var<workgroup> rowInfo: array<vec4i, ${rows}>;
var<workgroup> depthInfo: array<vec4i, ${DEPTH}>;
var<workgroup> panelA: array<vec4f, ${DEPTH * strideA}>;
var<workgroup> panelB: array<vec4f, ${DEPTH * strideB}>;

fn keep(layer: i32, p: Problem, m: i32, n: i32, values: vec4f) {
  if (m >= p.m) { return; }
  for (var i = 0; i < 4; i++) {
    if (n + i < p.n) { store(layer, m, n + i, values[i]); }
  }
}

fn run(group: i32, layer: i32, lane: i32) {
  let p = problemOf(layer);
  let tilesAcross = (p.n + ${columns - 1}) / ${columns};
  let rowFirst = (group / tilesAcross) * ${rows};
  let columnFirst = (group % tilesAcross) * ${columns};
  if (rowFirst >= p.m) { return; }
  for (var i = lane; i < ${rows}; i += ${lanes}) {
    if (rowFirst + i < p.m) { rowInfo[i] = rowOf(layer, rowFirst + i); }
  }
  let mine = lane % ${across};
  let mineDown = (lane / ${across}) * ${ROWS_EACH / 4};
${each((row) => `  var c${row} = vec4f();`)}
  for (var kFirst = p.kBegin; kFirst < p.kEnd; kFirst += ${DEPTH}) {
    // Nobody reads depthInfo while products are added up, so one barrier guards it and the panels.
    if (lane < ${DEPTH} && kFirst + lane < p.kEnd) { depthInfo[lane] = depthOf(layer, kFirst + lane); }
    workgroupBarrier();
${fillPanel('A', rows, lanes, adjacent.a === 'depth' ? 'depth' : 'side')}
${fillPanel('B', columns, lanes, adjacent.b === 'depth' ? 'depth' : 'side')}
    workgroupBarrier();
    for (var deep = 0; deep < ${DEPTH}; deep++) {
      let b = panelB[deep * ${strideB} + mine];
      let a0 = panelA[deep * ${strideA} + mineDown];
      let a1 = panelA[deep * ${strideA} + mineDown + 1];
${each((row) => `      c${row} += a${row >> 2}[${row & 3}] * b;`)}
    }
  }
  let m = rowFirst + mineDown * 4;
  let n = columnFirst + mine * 4;
${each((row) => `  keep(layer, p, m + ${row}, n, c${row});`)}
}`;
}
