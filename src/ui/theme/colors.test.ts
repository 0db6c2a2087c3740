import { describe, expect, it } from 'vitest';

import { MEANING_COLORS, MEANINGS, meaningVariables } from './colors.ts';
import { contrast, hue, luminance } from './contrast.ts';
import { GROUNDS, TEXT_COLORS } from './theme.ts';

describe('the colours of meanings', () => {
  it.each(MEANINGS)('%s keeps its hue in every variant', (meaning) => {
    const { light, ...variants } = MEANING_COLORS[meaning];
    const own = hue(light);
    for (const variant of Object.values(variants)) {
      const other = hue(variant);
      if (own === null || other === null) expect(other).toBe(own);
      else expect(Math.abs(other - own)).toBeLessThan(3);
    }
  });

  it.each(MEANINGS)('%s can be seen as a line and read as a word, light and dark', (meaning) => {
    const colors = MEANING_COLORS[meaning];
    expect(contrast(colors.light, GROUNDS.light.page)).toBeGreaterThanOrEqual(3);
    expect(contrast(colors.dark, GROUNDS.dark.page)).toBeGreaterThanOrEqual(3);
    for (const ground of Object.values(GROUNDS.light)) {
      expect(contrast(colors.lightText, ground)).toBeGreaterThanOrEqual(4.5);
    }
    for (const ground of Object.values(GROUNDS.dark)) {
      expect(contrast(colors.darkText, ground)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('are the ones the field guide names', () => {
    const named = ['clean', 'backdoor', 'evasion', 'defended', 'control'] as const;
    expect(named.map((meaning) => MEANING_COLORS[meaning].light)).toEqual([
      '#0072B2',
      '#D55E00',
      '#CC79A7',
      '#009E73',
      '#7F7F7F',
    ]);
    expect(meaningVariables('dark')['--color-clean']).toBe('#26a6ed');
    expect(meaningVariables('light')['--color-backdoor-text']).toBe('#aa530e');
  });

  it('stand beside quiet and warning words that can be read', () => {
    for (const scheme of ['light', 'dark'] as const) {
      for (const color of Object.values(TEXT_COLORS[scheme])) {
        for (const ground of Object.values(GROUNDS[scheme])) {
          expect(contrast(color, ground)).toBeGreaterThanOrEqual(4.5);
        }
      }
    }
  });
});

describe('contrast', () => {
  it('agrees with the figures of WCAG', () => {
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 10);
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
    expect(luminance('#ff0000')).toBeCloseTo(0.2126, 10);
    expect(hue('#00ff80')).toBeCloseTo(150.1, 1);
  });

  it('refuses what is not a colour', () => {
    expect(() => contrast('red', '#000000')).toThrow(/Not a colour/);
  });
});
