import { expect, it } from 'vitest';
import { gramOf } from '../aggregation/vectors.ts';
import { updatesOf } from '../aggregation/round.test-support.ts';
import { planeOf } from './plane.ts';

it('keeps the distances of points that lie on a plane', () => {
  const points = [
    [0, 0, 5, 0],
    [3, 0, 5, 0],
    [0, 1, 5, 0],
    [-4, 2, 5, 0],
  ];
  const places = planeOf(gramOf(updatesOf(...points)));
  for (const [i, a] of points.entries())
    for (const [j, b] of points.entries()) {
      const [x = 0, y = 0] = places[i] ?? [];
      const [otherX = 0, otherY = 0] = places[j] ?? [];
      expect(Math.hypot(x - otherX, y - otherY)).toBeCloseTo(
        Math.hypot(...a.map((value, at) => value - (b[at] ?? 0))),
        6,
      );
    }
});

it('has alike updates in one place, and none without length', () => {
  expect(planeOf(gramOf(updatesOf([1, 2], [1, 2], [1, 2])))).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(planeOf([[4]])).toEqual([[0, 0]]);
  const line = planeOf(gramOf(updatesOf([1, 0], [2, 0], [4, 0])));
  for (const [, second] of line) expect(second).toBeCloseTo(0, 6);
});
