import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anomalyIndices } from './anomaly-index.ts';
import { defenseEffectiveness } from './defense-effectiveness.ts';
import { ratesOf, rocOf, truePositiveAt } from './detection.ts';
import { mean, median, quantile, sampleDeviation } from './moments.ts';
import { spectralNorm } from './spectral-norm.ts';

describe('medians and spreads', () => {
  it('take the mean of the middle two, or the lower one as torch.median', () => {
    expect(median([4, 1, 3, 9])).toBe(3.5);
    expect(median([4, 1, 3, 9], 'lower')).toBe(3);
    expect(median([9, 1, 4], 'lower')).toBe(4);
    expect(median([])).toBeNaN();
  });

  it('divide by n - 1, and place quantiles between neighbours', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(sampleDeviation([1, 2, 6])).toBeCloseTo(Math.sqrt(7), 12);
    expect(quantile([0, 10, 20, 40], 0.5)).toBe(15);
    expect(quantile([5, 1], 0.25)).toBe(2);
  });
});

describe('the anomaly index', () => {
  it('is that of a scan by hand', () => {
    // Median 10; distances 0, 1, 2, 1, 8: their median is 1.
    const { median: centre, deviation, indices } = anomalyIndices([10, 11, 12, 9, 2]);
    expect(centre).toBe(10);
    expect(deviation).toBeCloseTo(1.4826, 12);
    expect(indices[4]).toBeCloseTo(8 / 1.4826, 12);
  });

  it('depends on the median’s convention where there is an even number', () => {
    const norms = [1, 4, 6, 7];
    expect(anomalyIndices(norms).median).toBe(5);
    expect(anomalyIndices(norms, 'lower').median).toBe(4);
  });
});

describe('a detector’s curve', () => {
  it('counts a tie as half', () => {
    const roc = rocOf([1, 2, 2, 3], [0, 0, 1, 1]);
    expect(roc?.area).toBe(0.875);
    expect([...(roc?.falsePositive ?? [])]).toEqual([0, 0, 0.5, 1]);
    expect([...(roc?.truePositive ?? [])]).toEqual([0, 0.5, 1, 1]);
    expect(roc && truePositiveAt(roc, 0.01)).toBe(0.5);
  });

  it('is null without both groups, and leaves out what was not judged', () => {
    expect(rocOf([1, 2], [1, 1])).toBeNull();
    expect(rocOf([1, NaN, 2], [0, 0, 1])?.area).toBe(1);
  });

  it('has the area that counting pairs gives', () => {
    const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { maxLength: 30 });
    fc.assert(
      fc.property(scored, (pairs) => {
        const [good, bad] = [false, true].map((is) =>
          pairs.filter(([, positive]) => positive === is).map(([score]) => score),
        ) as [number[], number[]];
        const roc = rocOf(
          pairs.map(([score]) => score),
          pairs.map(([, positive]) => positive),
        );
        if (!roc) return;
        const won = bad.flatMap((b) => good.map((g): number => (b > g ? 1 : b === g ? 0.5 : 0)));
        expect(roc.area).toBeCloseTo(mean(won), 10);
        const above = (threshold: number, scores: number[]) =>
          scores.filter((score) => score > threshold).length / scores.length;
        roc.thresholds.forEach((threshold, at) => {
          expect(roc.truePositive[at]).toBe(above(threshold, bad));
          expect(roc.falsePositive[at]).toBe(above(threshold, good));
        });
      }),
    );
  });

  it('has rates over what there is', () => {
    expect(ratesOf((at) => at === 1, [0, 1, 1])).toEqual({
      truePositive: 0.5,
      falsePositive: 0,
      positives: 2,
      negatives: 1,
    });
    expect(ratesOf(() => true, [0]).truePositive).toBeNull();
  });
});

describe('defense effectiveness', () => {
  it('takes off what the repair costs, and is one half for no change', () => {
    const before = { cleanAccuracy: 0.9, attackSuccess: 1 };
    expect(defenseEffectiveness(before, before)).toBe(0.5);
    expect(defenseEffectiveness(before, { cleanAccuracy: 0.8, attackSuccess: 0.2 })).toBeCloseTo(0.85, 12);
    expect(defenseEffectiveness(before, { cleanAccuracy: 0.95, attackSuccess: 1 })).toBe(0.5);
  });
});

describe('the spectral norm', () => {
  it('is that of matrices known by hand', () => {
    expect(spectralNorm([3, 0, 0, 4], 2, 2)).toBeCloseTo(4, 9);
    expect(spectralNorm([3, 4], 1, 2)).toBeCloseTo(5, 9);
    // [[1, 1], [0, 1]]: the golden ratio.
    expect(spectralNorm([1, 1, 0, 1], 2, 2)).toBeCloseTo((1 + Math.sqrt(5)) / 2, 9);
    expect(spectralNorm([0, 0, 0, 0], 2, 2)).toBe(0);
  });

  it('is the same of a matrix and its transpose, and bounds every product', () => {
    const entry = fc.double({ min: -2, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 12, maxLength: 12 }), (values) => {
        const transposed = Array.from(
          { length: 12 },
          (_, at) => values[(at % 3) * 4 + Math.floor(at / 3)] ?? 0,
        );
        const norm = spectralNorm(values, 3, 4);
        expect(norm).toBeCloseTo(spectralNorm(transposed, 4, 3), 5);
        for (let row = 0; row < 3; row++) {
          expect(Math.hypot(...values.slice(row * 4, row * 4 + 4))).toBeLessThanOrEqual(norm + 1e-5);
        }
        expect(norm).toBeLessThanOrEqual(Math.hypot(...values) + 1e-9);
      }),
    );
  });
});
