import { decimate } from '../../core/series/decimate.ts';
import { smooth } from '../../core/series/smooth.ts';
import type { ChartColumns, ChartSeries } from './chartSource.ts';
import { innerTicks, linearAxis, logarithmicAxis, type Axis } from './ticks.ts';

/** One place on the x axis: `x`, each series by its key, and `<key>_raw` beside it when smoothed; null is a gap. */
export type PlotRow = Record<string, number | null>;

export interface PlotOptions {
  /** Weight of the moving average, [0, 1). */
  smoothing: number;
  /** Rows to draw, about. */
  points: number;
  logarithmic: boolean;
  stacked: boolean;
  /** Fixed ends of the y axis; by default what the values need, from 0 when none is below. */
  yDomain?: readonly [number, number] | undefined;
}

export interface SeriesFacts {
  /** First and newest value as measured, whatever is smoothed in the drawing, and where; NaN when nothing was measured. */
  first: number;
  latest: number;
  latestX: number;
}

export interface Plot {
  rows: PlotRow[];
  /** Rows of the full table. */
  total: number;
  facts: Record<string, SeriesFacts>;
  xAxis: Axis;
  yAxis: Axis;
}

export const rawKey = (key: string): string => `${key}_raw`;

/** What to draw of a table: first smoothed at full resolution, then thinned. `columns` is in the order of `series`. */
export function plot(table: ChartColumns, series: readonly ChartSeries[], options: PlotOptions): Plot {
  const drawn = series.map((one, i) => {
    const raw = table.columns[i] ?? new Float64Array(table.x.length).fill(Number.NaN);
    const isSmoothed = options.smoothing > 0 && one.marksOf === undefined;
    return { one, raw, shown: isSmoothed ? smooth(raw, options.smoothing) : raw, isSmoothed };
  });
  const lines = drawn.filter(({ one }) => one.marksOf === undefined);
  const marks = drawn.filter(({ one }) => one.marksOf !== undefined);
  const positions = chooseRows(
    table.x.length,
    lines.map((line) => (options.stacked ? line.shown : line.raw)),
    marks.map((mark) => mark.raw),
    options.points,
  );
  const drawable = (value: number | undefined): number | null =>
    value === undefined || !Number.isFinite(value) || (options.logarithmic && value <= 0) ? null : value;

  const rows = positions.map((position) => {
    const row: PlotRow = { x: table.x[position] ?? null };
    for (const { one, raw, shown, isSmoothed } of drawn) {
      row[one.key] = drawable(shown[position]);
      if (isSmoothed) row[rawKey(one.key)] = drawable(raw[position]);
    }
    return row;
  });
  return {
    rows,
    total: table.x.length,
    facts: Object.fromEntries(drawn.map(({ one, raw }) => [one.key, factsOf(table.x, raw)])),
    xAxis: xAxis(table.x),
    yAxis: yAxis(rows, options, series),
  };
}

function chooseRows(total: number, lines: Float64Array[], marks: Float64Array[], points: number): number[] {
  const kept = new Set(lines.length > 0 ? decimate(lines, points) : []);
  for (const mark of marks) {
    for (let row = 0; row < total; row++) if (Number.isFinite(mark[row])) kept.add(row);
  }
  return [...kept].sort((a, b) => a - b);
}

function factsOf(x: Float64Array, values: Float64Array): SeriesFacts {
  const latest = values.findLastIndex((value) => Number.isFinite(value));
  return {
    first: values.find((value) => Number.isFinite(value)) ?? Number.NaN,
    latest: values[latest] ?? Number.NaN,
    latestX: x[latest] ?? Number.NaN,
  };
}

function xAxis(x: Float64Array): Axis {
  const first = x[0] ?? 0;
  const last = x.at(-1) ?? 1;
  const domain: [number, number] = last > first ? [first, last] : [first - 1, first + 1];
  return { domain, ticks: innerTicks(domain[0], domain[1], 6, true) };
}

function yAxis(rows: readonly PlotRow[], options: PlotOptions, series: readonly ChartSeries[]): Axis {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const see = (value: number): void => {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  };
  for (const row of rows) {
    if (options.stacked) see(series.reduce((sum, one) => sum + (row[one.key] ?? 0), 0));
    else {
      for (const [key, value] of Object.entries(row)) if (key !== 'x' && value !== null) see(value);
    }
  }
  const empty = greatest < least;
  if (options.logarithmic) return empty ? logarithmicAxis(0.1, 1, 5) : logarithmicAxis(least, greatest, 5);
  if (options.yDomain !== undefined) {
    const [low, high] = options.yDomain;
    return { domain: [low, high], ticks: innerTicks(low, high, 5) };
  }
  if (empty) return { domain: [0, 1], ticks: [0, 1] };
  return linearAxis(least >= 0 ? 0 : least, Math.max(greatest, 0), 4);
}
