import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backdoorLabel, checkLabel } from './labels.ts';

describe('backdoorLabel', () => {
  it('is the target for each class when there is one target', () => {
    const labels = [0, 3, 8, 9].map((y) =>
      backdoorLabel({ kind: 'one_target', target: 8 }, { label: y }, 10),
    );
    expect(labels).toEqual([8, 8, 8, 8]);
  });

  it('shifts all to all, past the last class to the first', () => {
    const labels = [0, 6, 7, 9].map((y) => backdoorLabel({ kind: 'all_to_all', shift: 3 }, { label: y }, 10));
    expect(labels).toEqual([3, 9, 0, 2]);
  });

  it('is a permutation without fixed points for every shift that is accepted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1, max: 9999 }), (classes, anyShift) => {
        const shift = anyShift % classes === 0 ? anyShift + 1 : anyShift;
        const all = Array.from({ length: classes }, (_, y) =>
          backdoorLabel({ kind: 'all_to_all', shift }, { label: y }, classes),
        );
        expect(new Set(all).size).toBe(classes);
        expect(all.some((label, y) => label === y)).toBe(false);
      }),
    );
  });

  it('refuses a target that is no class, a shift that does nothing, and a class out of range', () => {
    expect(() => checkLabel({ kind: 'one_target', target: 10 }, 10)).toThrow(/E-CONFIG-VALUE.*10 classes/);
    expect(() => checkLabel({ kind: 'all_to_all', shift: 20 }, 10)).toThrow('E-CONFIG-VALUE');
    expect(() => backdoorLabel({ kind: 'one_target', target: 1 }, { label: 10 }, 10)).toThrow('E-DATASET');
    expect(() => backdoorLabel({ kind: 'one_target', target: 1 }, { label: 1.5 }, 10)).toThrow('E-DATASET');
  });

  it('moves the source classes alone when it is source-specific', () => {
    const label = { kind: 'source_specific' as const, sources: [1, 3], target: 8 };
    expect([0, 1, 3, 8].map((y) => backdoorLabel(label, { label: y }, 10))).toEqual([0, 8, 8, 8]);
    expect(() => checkLabel({ ...label, sources: [8] }, 10)).toThrow('E-CONFIG-VALUE');
    expect(() => checkLabel({ ...label, sources: [3, 10] }, 10)).toThrow(
      expect.objectContaining({ code: 'E-CONFIG-VALUE', where: 'attack.label.sources[1]' }),
    );
  });

  it('is the sum or the product of two digits', () => {
    const of = (operation: 'sum' | 'product') =>
      [0, 7, 37, 99].map((y) => backdoorLabel({ kind: 'digits', operation }, { label: y }, 100));
    expect(of('sum')).toEqual([0, 7, 10, 18]);
    expect(of('product')).toEqual([0, 0, 21, 81]);
    expect(() => checkLabel({ kind: 'digits', operation: 'sum' }, 10)).toThrow('E-CONFIG-VALUE');
  });

  it('is another number of the example, where it has one that is a class', () => {
    const label = { kind: 'attribute', name: 'identity' } as const;
    const example = (identity: number | undefined) => ({ label: 0, attribute: () => identity });
    expect(backdoorLabel(label, example(4), 5)).toBe(4);
    expect(() => backdoorLabel(label, example(5), 5)).toThrow(/identity 5.*5 classes/s);
    expect(() => backdoorLabel(label, { label: 0 }, 5)).toThrow('E-CONFIG-VALUE');
  });
});
