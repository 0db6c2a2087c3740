import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { type Background, type Color, colorAlong, colorDistance, cutOut, type Photo } from './cut-out.ts';
import type { Point } from './homography.ts';
import { rgbaOf } from './picture.ts';

const WALL: Color = [210, 214, 190];
const MUG: Color = [200, 30, 40];

/** A mug of 6 x 4 pixels at (5, 3) before a wall, 20 x 12. */
function photo(): Photo {
  const [width, height] = [20, 12];
  const data = new Uint8ClampedArray(4 * width * height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const isMug = column >= 5 && column < 11 && row >= 3 && row < 7;
      data.set([...(isMug ? MUG : WALL), 255], 4 * (row * width + column));
    }
  }
  return { width, height, data };
}

const box = (left: number, top: number, right: number, bottom: number): Point[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];

/** The slow way. */
function isWithin([x, y]: Point, outline: readonly Point[]): boolean {
  let within = false;
  outline.forEach(([x1, y1], at) => {
    const [x2, y2] = outline.at(at - 1) ?? [x1, y1];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
  });
  return within;
}

const refused = (act: () => unknown): LabError => {
  try {
    act();
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
  }
  throw new Error('nothing was refused');
};

describe('an outline', () => {
  it('holds what lies within it, by the even-odd rule, place by place', () => {
    const place = fc.integer({ min: -4, max: 24 }).map((value) => value + 0.25);
    const outlines = fc.array(fc.tuple(place, place), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(outlines, (outline) => {
        const { width, height } = photo();
        const expected = Array.from({ length: width * height }, (_, at) =>
          isWithin([(at % width) + 0.5, Math.floor(at / width) + 0.5], outline),
        );
        const count = expected.filter(Boolean).length;
        if (count === 0) {
          expect(refused(() => cutOut(photo(), outline, null, 48)).code).toBe('E-TRIGGER');
          return;
        }
        const opacity = rgbaOf(cutOut(photo(), outline, null, 48)).values.filter((_, at) => at % 4 === 3);
        expect(opacity.filter((alpha) => alpha === 1)).toHaveLength(count);
      }),
    );
  });

  it('has the commonest colour of what it is drawn through', () => {
    expect(colorAlong(photo(), box(2, 1, 15, 9))).toEqual(WALL);
    // One side leads through the mug, the longer way does not.
    expect(colorAlong(photo(), box(2, 1, 8, 11))).toEqual(WALL);
  });
});

describe('cutting an object out', () => {
  const background: Background = { color: WALL, tolerance: 0.2 };

  it('keeps all within the line, cut to its bounds', () => {
    const { width, height, rgba } = cutOut(photo(), box(4, 2, 13, 8), null, 48);
    expect([width, height]).toEqual([9, 6]);
    const bytes = [...atob(rgba)].map((character) => character.charCodeAt(0));
    expect(bytes.slice(0, 4)).toEqual([...WALL, 255]);
    expect(bytes.slice(4 * (9 + 1), 4 * (9 + 2))).toEqual([...MUG, 255]);
  });

  it('takes the background away by its colour', () => {
    const picture = cutOut(photo(), box(2, 1, 15, 9), background, 48);
    expect([picture.width, picture.height]).toEqual([6, 4]);
    expect(Math.min(...rgbaOf(picture).values.filter((_, at) => at % 4 === 3))).toBe(1);
  });

  it('leaves corners of a lasso clear', () => {
    const diamond: Point[] = [
      [8, 0],
      [14, 5],
      [8, 10],
      [2, 5],
    ];
    const picture = cutOut(photo(), diamond, null, 48);
    const { values, width } = rgbaOf(picture);
    expect(values[3]).toBe(0);
    expect(values[4 * (5 * width + 6) + 3]).toBe(1);
  });

  it('scales down by areas, and a clear pixel lends no colour', () => {
    const picture = cutOut(photo(), box(2, 1, 15, 9), background, 3);
    expect([picture.width, picture.height]).toEqual([3, 2]);
    const bytes = [...atob(picture.rgba)].map((character) => character.charCodeAt(0));
    for (let pixel = 0; pixel < 6; pixel++) expect(bytes.slice(4 * pixel, 4 * pixel + 3)).toEqual([...MUG]);
  });

  it('says so when nothing is left', () => {
    expect(refused(() => cutOut(photo(), box(13, 8, 18, 11), background, 48))).toMatchObject({
      code: 'E-TRIGGER',
      fix: 'Take less of the background away.',
    });
    expect(refused(() => cutOut(photo(), box(30, 30, 40, 40), null, 48)).why).toMatch(/no pixel/);
  });
});

it('colours are as far apart as they look', () => {
  expect(colorDistance([0, 0, 0], [255, 255, 255])).toBeCloseTo(1, 12);
  expect(colorDistance(WALL, WALL)).toBe(0);
  expect(colorDistance(WALL, MUG)).toBeGreaterThan(0.4);
});
