import { describe, expect, it } from 'vitest';

import { formatTick, innerTicks, linearAxis, logarithmicAxis } from './ticks.ts';

describe('ticks', () => {
  it('enclose the range in round numbers', () => {
    expect(linearAxis(0.03, 2.41, 4)).toEqual({ domain: [0, 3], ticks: [0, 1, 2, 3] });
    expect(linearAxis(-0.31, 0.12, 4).ticks).toEqual([-0.4, -0.2, 0, 0.2]);
    expect(linearAxis(0, 1, 4).ticks).toEqual([0, 0.5, 1]);
    expect(linearAxis(0, 0.3, 4).ticks).toEqual([0, 0.1, 0.2, 0.3]);
    expect(linearAxis(0, 1 + 1e-9, 4).domain).toEqual([0, 1]);
  });

  it('make an axis of a single value', () => {
    expect(linearAxis(4, 4, 4).ticks).toEqual([2, 3, 4, 5, 6]);
    expect(linearAxis(0, 0, 3).domain[0]).toBeLessThan(0);
    expect(linearAxis(Number.NaN, Number.NaN, 3).domain).toEqual([0, 1]);
  });

  it('stay inside an axis that must not grow, few but not too few', () => {
    expect(innerTicks(1, 1200, 6)).toEqual([200, 400, 600, 800, 1000, 1200]);
    expect(innerTicks(1, 937, 6)).toEqual([200, 400, 600, 800]);
    expect(innerTicks(1, 4, 6, true)).toEqual([1, 2, 3, 4]);
    expect(innerTicks(3, 3, 6, true)).toEqual([2, 3, 4]);
    for (let last = 2; last < 5000; last += 7) {
      const count = innerTicks(1, last, 6, true).length;
      expect(count).toBeLessThanOrEqual(6);
      expect(count).toBeGreaterThanOrEqual(2);
    }
  });

  it('are powers of ten on a logarithmic axis, with 2 and 5 between when it is short', () => {
    expect(logarithmicAxis(2e-6, 3, 5)).toEqual({ domain: [1e-6, 10], ticks: [1e-5, 1e-3, 0.1, 10] });
    expect(logarithmicAxis(0.3, 2.4, 5).ticks).toEqual([0.2, 0.5, 1, 2, 5]);
    expect(logarithmicAxis(1, 1, 5).ticks).toEqual([1, 2]);
  });

  it('are written short', () => {
    expect([0, 0.25, 0.00001, 12_000, 2_500_000, 9_800, -0.2].map(formatTick)).toEqual([
      '0',
      '0.25',
      '1e-5',
      '12k',
      '2.5M',
      '9800',
      '-0.2',
    ]);
  });
});
