import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minNormPoint, quadratic } from './min-norm.ts';
import { gradientDivisor, normalizeGram } from './normalize.ts';

const gramOf = (gradients: readonly (readonly number[])[]): number[][] =>
  gradients.map((a) =>
    gradients.map((b) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)),
  );

describe('the point of least norm', () => {
  it('of two orthogonal gradients weighs each by the other’s squared norm', () => {
    // Along (2, 0) and (0, 1): w = 1 / (4 + 1) for the long one.
    const { weights, norm } = minNormPoint(
      gramOf([
        [2, 0],
        [0, 1],
      ]),
    );
    expect(weights[0]).toBeCloseTo(0.2, 12);
    expect(norm).toBeCloseTo(Math.sqrt(0.8), 12);
  });

  it('of two gradients where one end wins keeps 0.001 for the other', () => {
    expect(
      minNormPoint(
        gramOf([
          [1, 0],
          [3, 1],
        ]),
      ).weights,
    ).toEqual([0.999, expect.closeTo(0.001, 12)]);
    expect(
      minNormPoint(
        gramOf([
          [3, 1],
          [1, 0],
        ]),
      ).weights,
    ).toEqual([0.001, 0.999]);
  });

  it('of three gradients may leave one out', () => {
    const { weights } = minNormPoint(
      gramOf([
        [1, 1],
        [1, -1],
        [5, 0],
      ]),
    );
    expect(weights).toEqual([expect.closeTo(0.5, 12), expect.closeTo(0.5, 12), 0]);
  });

  it('of opposed gradients is zero', () => {
    expect(
      minNormPoint(
        gramOf([
          [1, 2],
          [-1, -2],
        ]),
      ).norm,
    ).toBeCloseTo(0, 7);
    expect(
      minNormPoint(
        gramOf([
          [1, 0],
          [-1, 1],
          [-1, -1],
        ]),
      ).norm,
    ).toBeCloseTo(0, 7);
  });

  it('of equal gradients, and of one, is that gradient', () => {
    expect(
      minNormPoint(
        gramOf([
          [3, 4],
          [3, 4],
          [3, 4],
        ]),
      ).norm,
    ).toBeCloseTo(5, 6);
    expect(minNormPoint([[25]])).toEqual({ weights: [1], norm: 5 });
  });

  it('is never longer than any other weighing, for two to five tasks', () => {
    const gradient = fc.array(fc.float({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
    const shares = fc.array(fc.float({ min: Math.fround(0.01), max: 1, noNaN: true }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(fc.array(gradient, { minLength: 2, maxLength: 5 }), shares, (gradients, draw) => {
        const gram = gramOf(gradients);
        const { weights } = minNormPoint(gram);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        const part = draw.slice(0, gradients.length);
        const total = part.reduce((sum, value) => sum + value, 0);
        const other = part.map((value) => value / total);
        // With two tasks the floor of 0.001 may cost a little at the ends.
        const slack = gradients.length === 2 ? 0.003 * Math.max(...gram.map((row, i) => row[i] ?? 0)) : 1e-9;
        expect(quadratic(gram, weights)).toBeLessThanOrEqual(quadratic(gram, other) + slack + 1e-9);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('refuses no task, too many, and a matrix that is not square', () => {
    expect(() => minNormPoint([])).toThrow(RangeError);
    expect(() => minNormPoint(Array.from({ length: 11 }, () => new Array<number>(11).fill(1)))).toThrow(
      RangeError,
    );
    expect(() => minNormPoint([[1, 2], [3]])).toThrow(RangeError);
  });
});

describe('normalisation', () => {
  it('divides as Backdoors 101 does: caps at 10, 1e-5 added', () => {
    expect(gradientDivisor('none', 3, 4)).toBeCloseTo(1.00001, 10);
    expect(gradientDivisor('eq', 3, 4)).toBeCloseTo(1.00001, 10);
    expect(gradientDivisor('l2', 3, 4)).toBeCloseTo(4.00001, 10);
    expect(gradientDivisor('loss', 3, 4)).toBeCloseTo(3.00001, 10);
    expect(gradientDivisor('loss', 30, 4)).toBeCloseTo(10.00001, 10);
    expect(gradientDivisor('loss+', 2, 4)).toBeCloseTo(8.00001, 10);
    expect(gradientDivisor('loss+', 3, 4)).toBeCloseTo(10.00001, 10);
  });

  it('of a Gram matrix divides each row and each column', () => {
    expect(
      normalizeGram(
        [
          [8, 4],
          [4, 9],
        ],
        [2, 3],
      ),
    ).toEqual([
      [2, 4 / 6],
      [4 / 6, 1],
    ]);
  });
});
