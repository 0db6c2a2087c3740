import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearestRows } from './nearest-rows.ts';

it('finds the nearest rows, as sorting all of them does', () => {
  const rows = fc.integer({ min: 1, max: 4 }).chain((width) =>
    fc.record({
      width: fc.constant(width),
      // Few values, so that some are equally far.
      values: fc.array(fc.array(fc.integer({ min: -3, max: 3 }), { minLength: width, maxLength: width }), {
        minLength: 2,
        maxLength: 30,
      }),
      row: fc.nat(1),
      count: fc.integer({ min: 1, max: 8 }),
    }),
  );
  fc.assert(
    fc.property(rows, ({ width, values, row, count }) => {
      const distanceTo = (other: readonly number[]): number =>
        Math.sqrt(other.reduce((sum, value, at) => sum + (value - (values[row]?.[at] ?? 0)) ** 2, 0));
      const sorted = values
        .map((other, index) => ({ row: index, distance: distanceTo(other) }))
        .filter((one) => one.row !== row)
        .sort((a, b) => a.distance - b.distance || a.row - b.row)
        .slice(0, count);
      const found = nearestRows(Float32Array.from(values.flat()), width, row, count);
      expect(found.map((one) => one.row)).toEqual(sorted.map((one) => one.row));
      found.forEach(({ distance }, at) => expect(distance).toBeCloseTo(sorted[at]?.distance ?? NaN, 5));
    }),
  );
});

it('leaves out what is not wanted', () => {
  const values = Float32Array.from([0, 1, 2, 3, 4]);
  expect(nearestRows(values, 1, 2, 2, (row) => row === 1).map(({ row }) => row)).toEqual([3, 0]);
});
