import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatColor, greyColor, luminance, parseColor } from './color.ts';

describe('colours', () => {
  it('survive being read and written', () => {
    fc.assert(
      fc.property(fc.nat(0xffffff), (code) => {
        const color = `#${code.toString(16).padStart(6, '0')}`;
        expect(formatColor(parseColor(color))).toBe(color);
      }),
    );
  });

  it('clamp what lies outside, and read anything else as black', () => {
    expect(formatColor([2, -1, 0.5])).toBe('#ff0080');
    expect(parseColor('red')).toEqual([0, 0, 0]);
  });

  it('have the luma of BT.601, and a grey has exactly its own', () => {
    expect(luminance([0, 1, 0])).toBeCloseTo(0.587, 12);
    expect(luminance(parseColor(greyColor(0.4)))).toBe(102 / 255);
  });
});
