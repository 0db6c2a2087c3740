import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { SeriesBuffer } from './seriesBuffer.ts';

const small = { chunkRows: 4, maximumRows: 8 };

describe('SeriesBuffer', () => {
  it('gives back every row, over chunk borders', () => {
    const table = new SeriesBuffer(['step', 'loss'], { chunkRows: 4, maximumRows: 400 });
    for (let i = 0; i < 11; i++) table.append([i, 1 / (i + 1)]);
    expect(table.length).toBe(11);
    expect([...table.column('step')]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(table.at('loss', 7)).toBe(1 / 8);
    expect(table.latest('loss')).toBe(1 / 11);
    expect(table.stride).toBe(1);
  });

  it('copies columns, so that a reader cannot change it', () => {
    const table = new SeriesBuffer(['a'], small);
    table.append([3]);
    table.column('a')[0] = 9;
    expect(table.at('a', 0)).toBe(3);
  });

  it('drops every second row when full and always has the newest', () => {
    const table = new SeriesBuffer(['step'], small);
    for (let i = 0; i < 8; i++) table.append([i]);
    expect([...table.column('step')]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    table.append([8]);
    expect([...table.column('step')]).toEqual([0, 2, 4, 6, 8]);
    table.append([9]);
    expect([...table.column('step')]).toEqual([0, 2, 4, 6, 8, 9]);
    table.append([10]);
    expect([...table.column('step')]).toEqual([0, 2, 4, 6, 8, 10]);
    expect(table.stride).toBe(2);
  });

  it('is what a plain list thinned by its stride would be, for any number of rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        const table = new SeriesBuffer(['step', 'square'], small);
        const all: number[] = [];
        for (let i = 0; i < count; i++) {
          table.append([i, i * i]);
          all.push(i);
        }
        const expected = all.filter((i) => i % table.stride === 0 || i === count - 1);
        expect([...table.column('step')]).toEqual(expected);
        expect([...table.column('square')]).toEqual(expected.map((i) => i * i));
        expect(table.length).toBeLessThanOrEqual(small.maximumRows);
      }),
    );
  });

  it('can be cut and goes on behind the cut, after thinning too', () => {
    const table = new SeriesBuffer(['step'], small);
    for (let i = 0; i < 12; i++) table.append([i]);
    table.truncate(3);
    for (let i = 6; i < 10; i++) table.append([i]);
    expect([...table.column('step')]).toEqual([0, 2, 4, 6, 8, 9]);
  });

  it('counts each change', () => {
    const table = new SeriesBuffer(['a'], small);
    table.append([1]);
    table.truncate(5);
    expect(table.version).toBe(1);
    table.truncate(0);
    table.clear();
    expect(table.version).toBe(3);
    expect(table.latest('a')).toBeNaN();
    expect(table.column('a')).toHaveLength(0);
  });

  it('refuses rows, columns and sizes that do not fit, by name', () => {
    expect(() => new SeriesBuffer(['a', 'a'])).toThrow(/different names/);
    expect(() => new SeriesBuffer([])).toThrow(/different names/);
    expect(() => new SeriesBuffer(['a'], { chunkRows: 3, maximumRows: 9 })).toThrow(/sizes/);
    const table = new SeriesBuffer(['a', 'b'], small);
    expect(() => table.append([1])).toThrow(/1 values for 2 columns/);
    expect(() => table.column('c' as 'a')).toThrow(/no column c/);
    expect(() => table.at('a', 0)).toThrow(RangeError);
    expect(() => table.truncate(-1)).toThrow(RangeError);
  });
});
