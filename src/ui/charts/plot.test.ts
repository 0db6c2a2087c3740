import { describe, expect, it } from 'vitest';

import { smooth } from '../../core/series/smooth.ts';
import { plot, type PlotOptions } from './plot.ts';

const options: PlotOptions = { smoothing: 0, points: 120, logarithmic: false, stacked: false };
const a = { key: 'a', label: 'A', color: 'red' };
const b = { key: 'b', label: 'B', color: 'blue' };

describe('plot', () => {
  it('smooths the full series before it thins it', () => {
    const x = Float64Array.from({ length: 4000 }, (_, i) => i + 1);
    const values = x.map((step) => Math.sin(step) + 3 / step);
    const { rows } = plot({ x, columns: [values] }, [a], { ...options, smoothing: 0.9 });
    const expected = smooth(values, 0.9);
    expect(rows.length).toBeLessThanOrEqual(120);
    for (const row of rows) {
      const at = (row.x ?? 0) - 1;
      expect(row.a).toBe(expected[at]);
      expect(row.a_raw).toBe(values[at]);
    }
  });

  it('leaves gaps for what is missing, and on a logarithmic axis for what is not above 0', () => {
    const table = { x: Float64Array.of(1, 2, 3, 4), columns: [Float64Array.of(0.5, Number.NaN, 0, 20)] };
    expect(plot(table, [a], options).rows.map((row) => row.a)).toEqual([0.5, null, 0, 20]);
    const logarithmic = plot(table, [a], { ...options, logarithmic: true });
    expect(logarithmic.rows.map((row) => row.a)).toEqual([0.5, null, null, 20]);
    expect(logarithmic.yAxis.domain).toEqual([0.5, 20]);
  });

  it('keeps every mark, however much it thins the lines', () => {
    const x = Float64Array.from({ length: 3000 }, (_, i) => i);
    const marks = new Float64Array(3000).fill(Number.NaN);
    for (const at of [700, 1401, 2103]) marks[at] = 0.25;
    const { rows } = plot({ x, columns: [x, marks] }, [a, { ...b, marksOf: 'a' }], {
      ...options,
      points: 20,
      smoothing: 0.9,
    });
    expect(rows.filter((row) => row.b !== null).map((row) => row.x)).toEqual([700, 1401, 2103]);
    expect(rows[0]).not.toHaveProperty('b_raw');
  });

  it('says where each series began and stands', () => {
    const table = {
      x: Float64Array.of(10, 20, 30),
      columns: [Float64Array.of(Number.NaN, 2, 4), Float64Array.of(Number.NaN, Number.NaN, Number.NaN)],
    };
    const { facts } = plot(table, [a, b], options);
    expect(facts.a).toEqual({ first: 2, latest: 4, latestX: 30 });
    expect(facts.b?.latest).toBeNaN();
    const smoothed = plot(table, [a, b], { ...options, smoothing: 0.9 });
    expect(smoothed.facts).toEqual(facts);
    expect(smoothed.rows.at(-1)?.a).not.toBe(4);
  });

  it('makes axes from the values, from fixed ends, from sums of a stack and from nothing', () => {
    const table = {
      x: Float64Array.of(1, 2),
      columns: [Float64Array.of(0.3, 0.6), Float64Array.of(0.7, 0.8)],
    };
    expect(plot(table, [a, b], options).yAxis.domain).toEqual([0, 0.8]);
    expect(plot(table, [a, b], { ...options, stacked: true }).yAxis.domain[1]).toBeGreaterThanOrEqual(1.4);
    expect(plot(table, [a, b], { ...options, yDomain: [-1, 1] }).yAxis.ticks).toEqual([-1, -0.5, 0, 0.5, 1]);
    const below = { x: Float64Array.of(1, 2), columns: [Float64Array.of(-0.3, 0.6)] };
    expect(plot(below, [a], options).yAxis.domain[0]).toBeLessThanOrEqual(-0.3);
    const none = plot({ x: new Float64Array(0), columns: [new Float64Array(0)] }, [a], options);
    expect(none).toMatchObject({ rows: [], total: 0, yAxis: { domain: [0, 1] } });
  });
});
