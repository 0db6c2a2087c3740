import { describe, expect, it } from 'vitest';
import { halfToNumber, numberToHalf } from './float16.ts';

const BITS = Array.from({ length: 65_536 }, (_, bits) => bits);
/** Finite halves from 0 up; a half's bits are its index. */
const POSITIVE = BITS.slice(0, 0x7c00).map(halfToNumber);

/** The nearest half by search, ties to the even one. */
function nearest(value: number): number {
  let low = 0;
  let high = POSITIVE.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((POSITIVE[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const below = value - (POSITIVE[low] ?? 0);
  const above = (POSITIVE[high] ?? 0) - value;
  if (below === above) return low % 2 === 0 ? low : high;
  return below < above ? low : high;
}

describe('half precision', () => {
  it('reads known values', () => {
    expect([0x0001, 0x03ff, 0x0400, 0x3c00, 0x3c01, 0xc000, 0x7bff].map(halfToNumber)).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      1 + 2 ** -10,
      -2,
      65_504,
    ]);
    expect(halfToNumber(0xfc00)).toBe(-Infinity);
    expect(halfToNumber(0x7e00)).toBeNaN();
    expect(Object.is(halfToNumber(0x8000), -0)).toBe(true);
  });

  it('writes each of the 65,536 back as it was read', () => {
    const changed = BITS.filter((bits) => {
      const value = halfToNumber(bits);
      return Number.isNaN(value)
        ? !Number.isNaN(halfToNumber(numberToHalf(value)))
        : numberToHalf(value) !== bits;
    });
    expect(changed).toEqual([]);
  });

  it('rounds to the nearest, ties to even, as a search does', () => {
    const wrong: number[] = [];
    for (let index = 1; index < POSITIVE.length; index++) {
      const [low = 0, high = 0] = [POSITIVE[index - 1], POSITIVE[index]];
      for (const share of [0.25, 0.5, 0.75]) {
        const value = Math.fround(low + (high - low) * share);
        if (numberToHalf(value) !== nearest(value)) wrong.push(value);
        if (numberToHalf(-value) !== (nearest(value) | 0x8000)) wrong.push(-value);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('overflows to infinity past 65,520 and underflows to zero below 2^-25', () => {
    expect(numberToHalf(65_519)).toBe(0x7bff);
    expect(numberToHalf(65_520)).toBe(0x7c00);
    expect(numberToHalf(-1e30)).toBe(0xfc00);
    expect(numberToHalf(2 ** -25)).toBe(0);
    expect(numberToHalf(1.0001 * 2 ** -25)).toBe(1);
    expect(numberToHalf(1e-40)).toBe(0);
  });
});
