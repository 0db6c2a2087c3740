import { describe, expect, it } from 'vitest';
import { majorityCluster } from './majority-cluster.ts';

const onALine = (...points: number[]): number[][] => points.map((a) => points.map((b) => Math.abs(a - b)));

describe('the cluster of more than half of the points', () => {
  it('is the group that falls apart last', () => {
    // Sorted links: 1 joins 0 and 1, 1.5 joins 2.5, 2 joins 4.5: four of six are more than half.
    expect(majorityCluster(onALine(0, 1, 2.5, 4.5, 50, 60))).toEqual([0, 1, 2, 3]);
  });

  it('leaves out a minority, however tight it is', () => {
    expect(majorityCluster(onALine(0, 3, 6.5, 9, 100, 100, 100))).toEqual([0, 1, 2, 3]);
  });

  it('holds all points that are alike', () => {
    expect(majorityCluster(onALine(1, 1, 1, 1, 1))).toEqual([0, 1, 2, 3, 4]);
    expect(majorityCluster(onALine(5))).toEqual([0]);
    expect(majorityCluster([])).toEqual([]);
  });

  it('takes in what is as near as its longest link', () => {
    expect(majorityCluster(onALine(0, 1, 2, 3, 4, 9))).toEqual([0, 1, 2, 3, 4]);
  });
});
