import { describe, expect, it } from 'vitest';
import { fedavg } from './fedavg.ts';
import { flame } from './flame.ts';
import { flTrust } from './fltrust.ts';
import { foolsGold } from './foolsgold.ts';
import { geometricMedian } from './geometric-median.ts';
import { krum } from './krum.ts';
import { coordinateMedian } from './median.ts';
import { multiKrum } from './multi-krum.ts';
import { normClipping } from './norm-clipping.ts';
import { robustLearningRate } from './rlr.ts';
import { roundOf, updatesOf } from './round.test-support.ts';
import { trimmedMean } from './trimmed-mean.ts';
import { weakDp } from './weak-dp.ts';

const numbers = (values: Float32Array): number[] => Array.from(values);

describe('the mean', () => {
  it('counts each update the same, or by its examples', () => {
    const updates = updatesOf([1, 2], [3, -2]).map((update, index) => ({
      ...update,
      examples: 1 + 2 * index,
    }));
    const equal = fedavg.aggregate({ kind: 'fedavg', weighting: 'equal' }, roundOf(updates));
    expect([numbers(equal.delta), equal.shares]).toEqual([
      [2, 0],
      [0.5, 0.5],
    ]);
    const weighted = fedavg.aggregate({ kind: 'fedavg', weighting: 'examples' }, roundOf(updates));
    expect([numbers(weighted.delta), weighted.shares]).toEqual([
      [2.5, -1],
      [0.25, 0.75],
    ]);
  });
});

describe('the median', () => {
  it('takes the middle of each value, and tells whose it was', () => {
    const { delta, shares } = coordinateMedian.aggregate(
      { kind: 'median' },
      roundOf(updatesOf([1, 9], [2, 7], [100, 8])),
    );
    expect(numbers(delta)).toEqual([2, 8]);
    expect(shares).toEqual([0, 0.5, 0.5]);
  });

  it('of an even count is the mean of the two middle ones', () => {
    const { delta } = coordinateMedian.aggregate(
      { kind: 'median' },
      roundOf(updatesOf([1], [2], [4], [100])),
    );
    expect(numbers(delta)).toEqual([3]);
  });
});

describe('the trimmed mean', () => {
  it('leaves out as many at each end as the share says, rounded up', () => {
    const updates = updatesOf([1], [2], [6], [4], [-100]);
    const { delta, shares } = trimmedMean.aggregate({ kind: 'trimmed_mean', trim: 0.2 }, roundOf(updates));
    expect(delta[0]).toBeCloseTo(7 / 3, 6);
    expect(shares.map((share) => Math.round(share * 3))).toEqual([1, 1, 0, 1, 0]);
    const all = trimmedMean.aggregate({ kind: 'trimmed_mean', trim: 0 }, roundOf(updates));
    expect(all.delta[0]).toBeCloseTo(-17.4, 5);
  });
});

describe('the geometric median', () => {
  it('of three corners of a square and its far point is near the corners', () => {
    // The point of an equilateral triangle: its centre.
    const height = Math.sqrt(3) / 2;
    const { delta } = geometricMedian.aggregate(
      { kind: 'geometric_median', iterations: 200, smoothing: 1e-9 },
      roundOf(updatesOf([0, 0], [1, 0], [0.5, height])),
    );
    expect(delta[0]).toBeCloseTo(0.5, 5);
    expect(delta[1]).toBeCloseTo(height / 3, 5);
  });

  it('on a line is the middle point, however far the last one lies', () => {
    const { delta, shares } = geometricMedian.aggregate(
      { kind: 'geometric_median', iterations: 500, smoothing: 1e-6 },
      roundOf(updatesOf([0], [1], [1e6])),
    );
    expect(delta[0]).toBeCloseTo(1, 2);
    expect(shares[1]).toBeGreaterThan(0.99);
  });
});

describe('Krum', () => {
  const updates = updatesOf([0, 0], [1, 0], [0, 1], [0.4, 0.4], [90, 90]);

  it('takes the update whose n - f - 2 neighbours are nearest', () => {
    const { delta, shares } = krum.aggregate({ kind: 'krum', adversaries: 1 }, roundOf(updates));
    expect(shares).toEqual([0, 0, 0, 1, 0]);
    expect(numbers(delta)).toEqual([Math.fround(0.4), Math.fround(0.4)]);
  });

  it('with several takes the mean of the best', () => {
    const { shares, delta } = multiKrum.aggregate(
      { kind: 'multi_krum', adversaries: 1, selected: null },
      roundOf(updates),
    );
    expect(shares).toEqual([0.25, 0.25, 0.25, 0.25, 0]);
    expect(delta[0]).toBeCloseTo(0.35, 6);
    const two = multiKrum.aggregate({ kind: 'multi_krum', adversaries: 1, selected: 2 }, roundOf(updates));
    expect(two.shares.filter((share) => share === 0.5)).toHaveLength(2);
    expect(two.shares[3]).toBe(0.5);
  });

  it('goes on with very few clients', () => {
    for (const count of [1, 2, 3]) {
      const few = updates.slice(0, count);
      const { shares } = krum.aggregate({ kind: 'krum', adversaries: 3 }, roundOf(few));
      expect(shares.filter((share) => share === 1)).toHaveLength(1);
    }
  });
});

describe('norm clipping', () => {
  it('scales what is longer than the bound down to it', () => {
    const { delta, shares } = normClipping.aggregate(
      { kind: 'norm_clipping', bound: 5 },
      roundOf(updatesOf([3, 4], [30, 40])),
    );
    expect(shares).toEqual([0.5, 0.05]);
    expect(numbers(delta)).toEqual([3, 4]);
  });

  it('without a bound takes the middle length', () => {
    const { shares } = normClipping.aggregate(
      { kind: 'norm_clipping', bound: null },
      roundOf(updatesOf([1], [2], [8])),
    );
    expect(shares.map((share) => share * 3)).toEqual([1, 1, 0.25]);
  });

  it('with noise differs from the mean by about as much as it says, the same for one generator', () => {
    const updates = updatesOf(new Array<number>(4000).fill(0.001));
    const noisy = () => weakDp.aggregate({ kind: 'weak_dp', bound: 10, noise: 0.5 }, roundOf(updates)).delta;
    const first = noisy();
    expect(noisy()).toEqual(first);
    const deviation = Math.sqrt(first.reduce((sum, value) => sum + (value - 0.001) ** 2, 0) / first.length);
    expect(deviation).toBeGreaterThan(0.47);
    expect(deviation).toBeLessThan(0.53);
  });
});

describe('FoolsGold', () => {
  it('leaves out two sybils of one goal, and keeps those that differ', () => {
    const updates = updatesOf([1, 0, 0], [0, 1, 0], [0, 0.1, 1], [0, 0.1, 1]);
    const { shares, memory } = foolsGold.aggregate({ kind: 'foolsgold', confidence: 1 }, roundOf(updates));
    expect(shares.slice(2)).toEqual([0, 0]);
    expect(Math.min(...shares.slice(0, 2))).toBeGreaterThan(0.2);
    expect(Object.keys(memory).sort()).toEqual(['client/0', 'client/1', 'client/2', 'client/3']);
  });

  it('remembers: sybils that take turns at hiding are known by what they did before', () => {
    const params = { kind: 'foolsgold', confidence: 1 } as const;
    const before = foolsGold.aggregate(
      params,
      roundOf(updatesOf([9, 0, 0], [0, 9, 0], [0, 0, 9], [0, 0, 9])),
    );
    const now = updatesOf([1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0]);
    const { shares } = foolsGold.aggregate(params, roundOf(now, { memory: before.memory }));
    expect(Math.max(...shares.slice(2))).toBeLessThan(Math.min(...shares.slice(0, 2)) / 2);
  });
});

describe('FLTrust', () => {
  it('weighs by the cosine to the server’s update and gives each its length', () => {
    const { delta, shares } = flTrust.aggregate(
      { kind: 'fltrust', root_examples: 100 },
      roundOf(updatesOf([10, 0], [0, 5], [-7, 0], [3, 3]), { server: Float32Array.of(2, 0) }),
    );
    const cosine = Math.SQRT1_2;
    expect(shares).toEqual([1 / (1 + cosine), 0, 0, expect.closeTo(cosine / (1 + cosine), 12)]);
    expect(delta[0]).toBeCloseTo((2 + cosine * 2 * cosine) / (1 + cosine), 6);
    expect(delta[1]).toBeCloseTo((cosine * 2 * cosine) / (1 + cosine), 6);
  });

  it('without the server’s update says what is missing', () => {
    expect(() => flTrust.aggregate({ kind: 'fltrust', root_examples: 100 }, roundOf(updatesOf([1])))).toThrow(
      'E-AGGREGATION',
    );
  });
});

describe('the robust learning rate', () => {
  it('turns round the values on which too few agree', () => {
    const { delta } = robustLearningRate.aggregate(
      { kind: 'rlr', threshold: 0.6 },
      roundOf(updatesOf([1, 5, -2], [1, -1, -2], [1, -1, -2], [1, 1, -2], [1, 0, 4])),
    );
    expect(delta[0]).toBeCloseTo(1, 6); // five agree
    expect(delta[1]).toBeCloseTo(-0.8, 6); // none after they cancel
    expect(delta[2]).toBeCloseTo(-0.8, 6); // four against one: three remain, as many as wanted
  });
});

describe('FLAME', () => {
  it('admits the group that points alike, and cuts it to the middle length', () => {
    const updates = updatesOf([1, 0.1], [1, 0], [10, 0.5], [-1, 5], [-1.1, 5]);
    const { delta, shares } = flame.aggregate({ kind: 'flame', noise: 0 }, roundOf(updates));
    expect(shares.slice(3)).toEqual([0, 0]);
    const middle = Math.hypot(-1, 5); // lengths 1.005, 1, 10.01, 5.10, 5.12
    expect(shares[2]).toBeCloseTo(middle / Math.hypot(10, 0.5) / 3, 6);
    expect(delta[0]).toBeGreaterThan(1);
  });
});
