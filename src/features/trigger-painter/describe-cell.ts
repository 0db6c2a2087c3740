import { luminance, parseColor } from '../../core/triggers/color.ts';
import type { Cell } from './painter-geometry.ts';
import type { PaintedPixel } from './painter-pixels.ts';

/** A colour in words: black, white, a grey in percent, else its code. */
export function describeColor(color: string): string {
  const rgb = parseColor(color);
  const [red, green, blue] = rgb;
  if (red !== green || green !== blue) return color;
  const percent = Math.round(luminance(rgb) * 100);
  if (percent === 0) return 'black';
  return percent === 100 ? 'white' : `grey ${percent} %`;
}

export function percent(fraction: number): string {
  return `${Math.round(fraction * 100)} %`;
}

/** What a screen reader says of a cell; rows and columns count from 0, as in the experiment. */
export function describeCell(cell: Cell, pixel: PaintedPixel | undefined): string {
  const place = `Row ${cell.row}, column ${cell.column}`;
  if (pixel === undefined) return `${place}: not painted`;
  return `${place}: ${describeColor(pixel[2])}, opacity ${percent(pixel[3])}`;
}
