import { describe, expect, it } from 'vitest';

import { confusionCell, describeCell, largestConfusions, shade } from './confusion.ts';

const matrix = [
  [40, 2, 0],
  [3, 30, 7],
  [0, 0, 0],
];

describe('a confusion matrix', () => {
  it('gives each cell its share of the true class', () => {
    const cell = confusionCell(matrix, 1, 2);
    expect(cell).toEqual({ row: 1, column: 2, count: 7, rowTotal: 40, share: 0.175 });
    expect(describeCell(cell, ['cat', 'dog', 'hen'])).toBe('True dog, read as hen: 7 of 40 (17.5 %)');
  });

  it('has no share in a class without examples, and no cell outside', () => {
    expect(confusionCell(matrix, 2, 0).share).toBe(0);
    expect(() => confusionCell(matrix, 3, 0)).toThrow(RangeError);
    expect(() => confusionCell(matrix, 0, -1)).toThrow(RangeError);
  });

  it('lists the largest mistakes, never what was right', () => {
    expect(largestConfusions(matrix, 2).map(({ row, column, count }) => [row, column, count])).toEqual([
      [1, 2, 7],
      [1, 0, 3],
    ]);
    expect(largestConfusions([], 5)).toEqual([]);
  });

  it('darkens with the share and stays in range', () => {
    expect(shade(0.25)).toBe(0.5);
    expect(shade(-1)).toBe(0);
    expect(shade(2)).toBe(1);
  });
});
