import type { Plot, PlotRow } from './plot.ts';

/** Room around the plot area, in pixels: y ticks left, half an x tick right, x ticks below. */
export const FRAME = { left: 44, right: 18, top: 8, bottom: 24 } as const;

/** From values to pixels of the drawing and back. */
export interface Scales {
  x: (value: number) => number;
  y: (value: number) => number;
  xAt: (pixel: number) => number;
}

/** Scales of a plot in a drawing of `width` by `height` pixels. */
export function scalesOf(
  plot: Pick<Plot, 'xAxis' | 'yAxis'>,
  logarithmic: boolean,
  width: number,
  height: number,
): Scales {
  const [left, right] = plot.xAxis.domain;
  const [low, high] = plot.yAxis.domain.map((value) => (logarithmic ? Math.log(value) : value)) as [
    number,
    number,
  ];
  const across = Math.max(1, width - FRAME.left - FRAME.right);
  const down = Math.max(1, height - FRAME.top - FRAME.bottom);
  return {
    x: (value) => FRAME.left + ((value - left) / (right - left)) * across,
    y: (value) => FRAME.top + ((high - (logarithmic ? Math.log(value) : value)) / (high - low)) * down,
    xAt: (pixel) => left + ((pixel - FRAME.left) / across) * (right - left),
  };
}

/** One series as an SVG path: a line through what is there, broken at gaps; a lone value is a line of no length. */
export function linePath(rows: readonly PlotRow[], key: string, scales: Scales): string {
  let path = '';
  let isDrawing = false;
  for (const row of rows) {
    const { x } = row;
    const value = row[key];
    if (x === null || x === undefined || value === null || value === undefined) {
      isDrawing = false;
      continue;
    }
    path += `${isDrawing ? 'L' : 'M'}${pixel(scales.x(x))},${pixel(scales.y(value))}${isDrawing ? '' : 'h0'}`;
    isDrawing = true;
  }
  return path;
}

/** The series as layers, each upon the sum of those before it, as closed SVG paths in the same order. */
export function stackPaths(rows: readonly PlotRow[], keys: readonly string[], scales: Scales): string[] {
  const runs: PlotRow[][] = [[]];
  for (const row of rows) {
    if (keys.some((key) => typeof row[key] === 'number')) runs.at(-1)?.push(row);
    else if (runs.at(-1)?.length !== 0) runs.push([]);
  }
  const sum = (row: PlotRow, layers: number): number =>
    keys.slice(0, layers).reduce((total, key) => total + (row[key] ?? 0), 0);
  const corner = (row: PlotRow, layers: number): string =>
    `${pixel(scales.x(row.x ?? 0))},${pixel(scales.y(sum(row, layers)))}`;
  return keys.map((_, i) =>
    runs
      .filter((run) => run.length > 0)
      .map((run) => {
        const above = run.map((row) => corner(row, i + 1));
        const below = run.map((row) => corner(row, i)).reverse();
        return `M${[...above, ...below].join('L')}Z`;
      })
      .join(''),
  );
}

/** The row whose x is nearest; null without rows. Rows ascend in x. */
export function nearestRow(rows: readonly PlotRow[], x: number): PlotRow | null {
  let low = 0;
  let high = rows.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    const here = rows[middle]?.x ?? 0;
    const next = rows[middle + 1]?.x ?? 0;
    if (Math.abs(next - x) <= Math.abs(here - x)) low = middle + 1;
    else high = middle;
  }
  return rows[low] ?? null;
}

function pixel(value: number): string {
  return value.toFixed(1);
}
