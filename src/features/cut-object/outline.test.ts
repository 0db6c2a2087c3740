import { expect, it } from 'vitest';
import { drawn, isOutline, middleOf, moved, rectangle, stretched } from './outline.ts';

const SIZE = { width: 100, height: 60 };

it('draws a rectangle from where it began, whichever way', () => {
  const begun = drawn('rectangle', [], [40, 30]);
  expect(begun).toEqual([[40, 30]]);
  const half = drawn('rectangle', begun, [50, 35]);
  expect(drawn('rectangle', half, [10, 5])).toEqual(rectangle([40, 30], [10, 5]));
});

it('draws a lasso point by point, without those that are hardly apart', () => {
  const points = [
    [0, 0],
    [1, 1],
    [5, 0],
    [5, 8],
  ] as const;
  const line = points.reduce((begun, to) => drawn('lasso', begun, to), drawn('lasso', [], [0, 0]));
  expect(line).toEqual([
    [0, 0],
    [5, 0],
    [5, 8],
  ]);
});

it('knows a click from a line', () => {
  expect(isOutline([[3, 3]])).toBe(false);
  expect(isOutline(rectangle([3, 3], [4, 50]))).toBe(false);
  expect(isOutline(middleOf(SIZE))).toBe(true);
});

it('moves and stretches by keys, and stays in the photo', () => {
  const line = rectangle([10, 10], [30, 20]);
  expect(moved(line, [5, -3], SIZE)).toEqual(rectangle([15, 7], [35, 17]));
  expect(moved(line, [-50, 500], SIZE)).toEqual(rectangle([0, 50], [20, 60]));
  expect(stretched(line, [10, -4], SIZE)).toEqual(rectangle([10, 10], [40, 16]));
  expect(stretched(line, [500, -500], SIZE)).toEqual(rectangle([10, 10], [100, 13]));
});
