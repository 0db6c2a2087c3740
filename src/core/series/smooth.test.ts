import { describe, expect, it } from 'vitest';

import { smooth } from './smooth.ts';

/** The weighted mean it stands for, written out: weights w^age over all earlier values that are there. */
function slowTwin(values: number[], weight: number): number[] {
  return values.map((here, i) => {
    if (!Number.isFinite(here)) return Number.NaN;
    const seen = values.slice(0, i + 1).filter(Number.isFinite);
    let sum = 0;
    let total = 0;
    seen.forEach((value, j) => {
      const share = weight ** (seen.length - 1 - j);
      sum += share * value;
      total += share;
    });
    return sum / total;
  });
}

describe('smooth', () => {
  it('is the mean weighted by age, gaps and all', () => {
    const values = [2.3, 1.9, Number.NaN, Number.NaN, 2.1, 0.4, Number.POSITIVE_INFINITY, 0.2, -3];
    const smoothed = smooth(values, 0.7);
    slowTwin(values, 0.7).forEach((expected, i) => {
      if (Number.isNaN(expected)) expect(smoothed[i]).toBeNaN();
      else expect(smoothed[i]).toBeCloseTo(expected, 12);
    });
  });

  it('starts at the first value, not near zero', () => {
    expect(smooth([5, 5, 5], 0.99)[0]).toBeCloseTo(5, 12);
    expect(smooth([Number.NaN, 5], 0.99)[1]).toBeCloseTo(5, 12);
  });

  it('gives the values back at weight 0', () => {
    expect([...smooth([3, -1, 4], 0)]).toEqual([3, -1, 4]);
  });

  it('keeps parts that add to one adding to one', () => {
    const a = [0.2, 0.9, 0.4, 0.7];
    const first = smooth(a, 0.8);
    const second = smooth(
      a.map((v) => 1 - v),
      0.8,
    );
    first.forEach((value, i) => expect(value + (second[i] ?? Number.NaN)).toBeCloseTo(1, 12));
  });

  it('refuses weights outside [0, 1)', () => {
    for (const weight of [-0.1, 1, Number.NaN]) expect(() => smooth([1], weight)).toThrow(RangeError);
    expect(smooth([], 0.5)).toHaveLength(0);
  });
});
