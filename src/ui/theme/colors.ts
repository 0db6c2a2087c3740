/**
 * One colour for each meaning, everywhere, from the palette of Okabe and Ito (2008) that colour-blind eyes can tell
 * apart. `light` and `dark` are for lines and areas on the page's ground (contrast at least 3), `lightText` and
 * `darkText` for words (at least 4.5, WCAG AA, on cards too). All four keep the hue. Further backdoors of one attack have
 * colours of their own.
 */
export const MEANING_COLORS = {
  clean: { light: '#0072B2', lightText: '#0d6fa5', dark: '#26a6ed', darkText: '#26a6ed' },
  backdoor: { light: '#D55E00', lightText: '#aa530e', dark: '#ee812b', darkText: '#ee812b' },
  evasion: { light: '#CC79A7', lightText: '#b14380', dark: '#d289b1', darkText: '#d289b1' },
  defended: { light: '#009E73', lightText: '#0a7b5c', dark: '#0fb386', darkText: '#0fb386' },
  backdoor_2: { light: '#A07800', lightText: '#7d5e00', dark: '#d6a000', darkText: '#d6a000' },
  backdoor_3: { light: '#7A4FBF', lightText: '#7045b8', dark: '#a98bdb', darkText: '#a98bdb' },
  backdoor_4: { light: '#B03A48', lightText: '#a23442', dark: '#e07a87', darkText: '#e07a87' },
  control: { light: '#7F7F7F', lightText: '#6b6b6b', dark: '#9e9e9e', darkText: '#9e9e9e' },
} as const;

export type Meaning = keyof typeof MEANING_COLORS;

export const MEANINGS = Object.keys(MEANING_COLORS) as Meaning[];

/** Colour of a meaning for lines and areas, as a CSS value that follows light and dark. */
export function meaningColor(meaning: Meaning): string {
  return `var(--color-${meaning})`;
}

/** Colour of a meaning for words. */
export function meaningTextColor(meaning: Meaning): string {
  return `var(--color-${meaning}-text)`;
}

/** The CSS variables behind {@link meaningColor} and {@link meaningTextColor}, for one colour scheme. */
export function meaningVariables(scheme: 'light' | 'dark'): Record<string, string> {
  return Object.fromEntries(
    MEANINGS.flatMap((meaning) => {
      const colors = MEANING_COLORS[meaning];
      return [
        [`--color-${meaning}`, colors[scheme]],
        [`--color-${meaning}-text`, scheme === 'light' ? colors.lightText : colors.darkText],
      ];
    }),
  );
}
