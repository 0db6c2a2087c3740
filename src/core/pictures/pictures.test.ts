import { describe, expect, it } from 'vitest';
import { intoUnitSquare, type Quad } from './homography.ts';
import { bicubicCorners, resize } from './resample.ts';

describe('a homography', () => {
  const quad: Quad = [
    [2, 1],
    [9, 3],
    [8, 8],
    [1, 6],
  ];

  it('takes the corners of a quadrilateral to those of the unit square', () => {
    const into = intoUnitSquare(quad);
    const corners = quad.map(([x, y]) => into?.(x, y));
    const expected = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    for (const [at, corner] of corners.entries()) {
      expect(corner?.[0]).toBeCloseTo(expected[at]?.[0] ?? NaN, 9);
      expect(corner?.[1]).toBeCloseTo(expected[at]?.[1] ?? NaN, 9);
    }
  });

  it('keeps straight lines straight: the diagonals cross in the middle', () => {
    // The diagonals (2, 1)-(8, 8) and (9, 3)-(1, 6) cross where 7x - 6y = 8 and 3x + 8y = 51.
    const [x, y] = [(8 * 8 + 6 * 51) / 74, (7 * 51 - 3 * 8) / 74];
    const middle = intoUnitSquare(quad)?.(x, y);
    expect(middle?.[0]).toBeCloseTo(0.5, 9);
    expect(middle?.[1]).toBeCloseTo(0.5, 9);
  });

  it('of a line is none', () => {
    expect(
      intoUnitSquare([
        [0, 0],
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
    ).toBeNull();
  });
});

describe('a picture at another size', () => {
  const raster = (height: number, width: number, values: number[]) => ({
    height,
    width,
    channels: 1,
    values: Float32Array.from(values),
  });

  it('grows bilinear, as PyTorch’s interpolate without aligned corners', () => {
    expect([...resize(raster(1, 2, [0, 1]), 1, 4).values]).toEqual([0, 0.25, 0.75, 1]);
  });

  it('shrinks to the mean over each area', () => {
    expect([...resize(raster(1, 3, [0, 3, 6]), 1, 2).values]).toEqual([1, 5]);
    expect([...resize(raster(2, 2, [1, 2, 3, 6]), 1, 1).values]).toEqual([3]);
  });

  it('keeps its corners when it is bicubic', () => {
    const grown = bicubicCorners(raster(2, 3, [1, 2, 3, 4, 5, 6]), 5, 7).values;
    expect([0, 6, 28, 34].map((at) => grown[at])).toEqual([1, 3, 4, 6]);
  });
});
