/** Pictures that ship with the lab: drawn by formulas, [height, width, 4] in [0, 1], red, green, blue, opacity. */
import type { Raster } from './resample.ts';

export const DRAWINGS = ['sunglasses', 'sticker', 'star'] as const;
export type DrawingName = (typeof DRAWINGS)[number];

type Rgba = readonly [red: number, green: number, blue: number, opacity: number];

const CLEAR: Rgba = [0, 0, 0, 0];

/** Colour at a place, x and y in [0, 1] from the top left corner. */
type Drawing = (x: number, y: number) => Rgba;

const drawings: Record<DrawingName, { aspect: number; at: Drawing }> = {
  sunglasses: {
    aspect: 0.4,
    at: (x, y) => {
      const lens = (centre: number): number => Math.hypot((x - centre) / 0.21, (y - 0.52) / 0.42);
      const nearest = Math.min(lens(0.25), lens(0.75));
      if (nearest < 0.86) return [0.05, 0.05, 0.12, 1];
      if (nearest < 1) return [0.75, 0.1, 0.15, 1];
      const bridge = Math.abs(x - 0.5) < 0.08 && Math.abs(y - 0.36) < 0.08;
      const arms = (x < 0.08 || x > 0.92) && Math.abs(y - 0.3) < 0.08;
      return bridge || arms ? [0.75, 0.1, 0.15, 1] : CLEAR;
    },
  },
  sticker: {
    aspect: 1,
    at: (x, y) => {
      const radius = Math.hypot(x - 0.5, y - 0.5);
      if (radius > 0.5) return CLEAR;
      if (radius > 0.42) return [1, 1, 1, 1];
      return Math.sin(8 * Math.atan2(y - 0.5, x - 0.5)) > 0 ? [1, 0.82, 0.05, 1] : [0.1, 0.3, 0.85, 1];
    },
  },
  star: {
    aspect: 1,
    at: (x, y) => {
      const angle = Math.atan2(y - 0.52, x - 0.5) + Math.PI / 2;
      const spoke = (2 * Math.PI) / 5;
      const within = Math.abs((((angle % spoke) + spoke) % spoke) - spoke / 2);
      const edge = 0.5 * (0.42 + 0.58 * (within / (spoke / 2)) ** 2);
      return Math.hypot(x - 0.5, y - 0.52) < edge ? [1, 0.15, 0.1, 1] : CLEAR;
    },
  },
};

/** @param width pixels; the height follows */
export function draw(name: DrawingName, width: number): Raster {
  const { aspect, at } = drawings[name];
  const height = Math.max(1, Math.round(width * aspect));
  const values = new Float32Array(height * width * 4);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [red, green, blue, opacity] = at((column + 0.5) / width, (row + 0.5) / height);
      values.set([red * opacity, green * opacity, blue * opacity, opacity], 4 * (row * width + column));
    }
  }
  return { height, width, channels: 4, values };
}
