import { describe, expect, it } from 'vitest';
import { quantile, summarize } from './statistics.ts';

describe('order statistics', () => {
  it('interpolate between neighbours, whatever the order of the samples', () => {
    expect(quantile([40, 10, 30, 20], 0.5)).toBe(25);
    expect(quantile([40, 10, 30, 20], 0.25)).toBe(17.5);
    expect(quantile([7], 0.75)).toBe(7);
  });

  it('tell median and spread, and forget one disturbed sample', () => {
    expect(summarize([10, 12, 14, 16, 18])).toEqual({ median: 14, spread: 4 / 14, samples: 5 });
    expect(summarize([10, 12, 14, 16, 900]).median).toBe(14);
    expect(summarize([5, 5, 5]).spread).toBe(0);
  });

  it('are not a number without samples', () => {
    expect(summarize([])).toEqual({ median: NaN, spread: NaN, samples: 0 });
  });
});
