import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backdoorLabel, checkLabel } from './labels.ts';

describe('backdoorLabel', () => {
  it('is the target for each class when there is one target', () => {
    const labels = [0, 3, 8, 9].map((y) => backdoorLabel({ kind: 'one_target', target: 8 }, y, 10));
    expect(labels).toEqual([8, 8, 8, 8]);
  });

  it('shifts all to all, past the last class to the first', () => {
    const labels = [0, 6, 7, 9].map((y) => backdoorLabel({ kind: 'all_to_all', shift: 3 }, y, 10));
    expect(labels).toEqual([3, 9, 0, 2]);
  });

  it('is a permutation without fixed points for every shift that is accepted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 9999 }), (classes, anyShift) => {
        const shift = anyShift % classes === 0 ? anyShift + 1 : anyShift;
        const all = Array.from({ length: classes }, (_, y) =>
          backdoorLabel({ kind: 'all_to_all', shift }, y, classes),
        );
        expect(new Set(all).size).toBe(classes);
        expect(all.some((label, y) => label === y)).toBe(false);
      }),
    );
  });

  it('refuses a target that is no class, a shift that does nothing, and a class out of range', () => {
    expect(() => checkLabel({ kind: 'one_target', target: 10 }, 10)).toThrow(/E-CONFIG-VALUE.*10 classes/);
    expect(() => checkLabel({ kind: 'all_to_all', shift: 20 }, 10)).toThrow('E-CONFIG-VALUE');
    expect(() => backdoorLabel({ kind: 'one_target', target: 1 }, 10, 10)).toThrow('E-DATASET');
    expect(() => backdoorLabel({ kind: 'one_target', target: 1 }, 1.5, 10)).toThrow('E-DATASET');
  });
});
