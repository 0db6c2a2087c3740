import { describe, expect, it } from 'vitest';

import { FRAME, linePath, nearestRow, scalesOf, stackPaths } from './geometry.ts';

const axes = {
  xAxis: { domain: [10, 30] as [number, number], ticks: [] },
  yAxis: { domain: [0, 4] as [number, number], ticks: [] },
};
const width = 100 + FRAME.left + FRAME.right;
const height = 40 + FRAME.top + FRAME.bottom;
const scales = scalesOf(axes, false, width, height);
const at = (x: number, y: number): string => `${(FRAME.left + x).toFixed(1)},${(FRAME.top + y).toFixed(1)}`;

describe('the geometry of a chart', () => {
  it('puts the ends of the axes on the edges of the plot area, and finds its way back', () => {
    expect([scales.x(10), scales.x(30), scales.y(4), scales.y(0)]).toEqual([44, 144, 8, 48]);
    expect(scales.xAt(scales.x(17))).toBeCloseTo(17, 10);
    const logarithmic = scalesOf({ ...axes, yAxis: { domain: [0.01, 100], ticks: [] } }, true, width, height);
    expect(logarithmic.y(1)).toBeCloseTo(28, 10);
    expect(logarithmic.y(100)).toBeCloseTo(8, 10);
  });

  it('breaks a line at gaps and still shows a lone value', () => {
    const rows = [
      { x: 10, a: 4 },
      { x: 15, a: 2 },
      { x: 20, a: null },
      { x: 25, a: 0 },
    ];
    expect(linePath(rows, 'a', scales)).toBe(`M${at(0, 0)}h0L${at(25, 20)}M${at(75, 40)}h0`);
    expect(linePath(rows, 'b', scales)).toBe('');
  });

  it('stacks layers upon each other and leaves gaps open', () => {
    const rows = [
      { x: 10, a: 1, b: 3 },
      { x: 20, a: 2, b: 2 },
      { x: 25, a: null, b: null },
      { x: 30, a: 1, b: null },
    ];
    expect(stackPaths(rows, ['a', 'b'], scales)).toEqual([
      `M${at(0, 30)}L${at(50, 20)}L${at(50, 40)}L${at(0, 40)}ZM${at(100, 30)}L${at(100, 40)}Z`,
      `M${at(0, 0)}L${at(50, 0)}L${at(50, 20)}L${at(0, 30)}ZM${at(100, 30)}L${at(100, 30)}Z`,
    ]);
  });

  it('finds the row under the pointer', () => {
    const rows = [{ x: 1 }, { x: 5 }, { x: 6 }, { x: 20 }];
    const slow = (x: number): number =>
      rows.reduce((best, row) => (Math.abs(row.x - x) <= Math.abs(best.x - x) ? row : best)).x;
    for (let x = -2; x < 25; x += 0.5) expect(nearestRow(rows, x)?.x).toBe(slow(x));
    expect(nearestRow([], 3)).toBeNull();
  });
});
