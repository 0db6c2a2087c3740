/** The three channels of a colour, each in [0, 1]. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** `#rrggbb` as channels in [0, 1]. The schema has checked the form; anything else is black. */
export function parseColor(color: string): Rgb {
  const code = /^#[0-9a-f]{6}$/i.test(color) ? Number.parseInt(color.slice(1), 16) : 0;
  return [((code >> 16) & 255) / 255, ((code >> 8) & 255) / 255, (code & 255) / 255];
}

/** Channels in [0, 1] as `#rrggbb`; values outside are clamped. */
export function formatColor([red, green, blue]: Rgb): string {
  const hex = (value: number): string =>
    Math.round(Math.min(1, Math.max(0, value)) * 255)
      .toString(16)
      .padStart(2, '0');
  return `#${hex(red)}${hex(green)}${hex(blue)}`;
}

/** A grey level in [0, 1] as `#rrggbb`. */
export function greyColor(level: number): string {
  return formatColor([level, level, level]);
}

/** Luma in [0, 1] by ITU-R BT.601, the weights that PIL and OpenCV use to turn RGB into grey. */
export function luminance([red, green, blue]: Rgb): number {
  // A grey stays exactly itself: 0.299 + 0.587 + 0.114 is 1, but not in floating point.
  if (red === green && green === blue) return red;
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}
