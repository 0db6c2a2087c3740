/** The line around an object in a photo, as it is drawn by hand or moved by keys. Places are in pixels of the photo. */
import type { Point } from '../../core/pictures/homography.ts';

export interface Size {
  width: number;
  height: number;
}

export type Tool = 'rectangle' | 'lasso';

/** Nearer than this to the last point, a lasso needs no new one. */
const LASSO_STEP = 3;

/** A rectangle by two opposite corners. */
export function rectangle([x1, y1]: Point, [x2, y2]: Point): Point[] {
  return [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ];
}

/** What a new shot begins with: the middle of it. */
export function middleOf({ width, height }: Size): Point[] {
  return rectangle([0.2 * width, 0.15 * height], [0.8 * width, 0.85 * height]);
}

/** The line while it is drawn: a rectangle from where it began, or a lasso with one more point. */
export function drawn(tool: Tool, begun: readonly Point[], to: Point): Point[] {
  const [first] = begun;
  if (!first) return [to];
  if (tool === 'rectangle') return rectangle(first, to);
  const last = begun.at(-1) ?? first;
  return Math.hypot(to[0] - last[0], to[1] - last[1]) < LASSO_STEP ? [...begun] : [...begun, to];
}

/** Whether a line encloses anything worth cutting out. */
export function isOutline(outline: readonly Point[]): boolean {
  if (outline.length < 3) return false;
  const side = (axis: 0 | 1): number => {
    const along = outline.map((point) => point[axis]);
    return Math.max(...along) - Math.min(...along);
  };
  return side(0) >= LASSO_STEP && side(1) >= LASSO_STEP;
}

/** The line moved, as far as the photo goes. */
export function moved(outline: readonly Point[], by: Point, size: Size): Point[] {
  const step = (axis: 0 | 1, side: number): number => {
    const along = outline.map((point) => point[axis]);
    return Math.min(side - Math.max(...along), Math.max(-Math.min(...along), by[axis]));
  };
  const [dx, dy] = [step(0, size.width), step(1, size.height)];
  return outline.map(([x, y]) => [x + dx, y + dy]);
}

/** The line stretched from its top left corner, as far as the photo goes; never to nothing. */
export function stretched(outline: readonly Point[], by: Point, size: Size): Point[] {
  const along = (axis: 0 | 1): readonly [low: number, high: number] => {
    const values = outline.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const scaled = (axis: 0 | 1, side: number): ((value: number) => number) => {
    const [low, high] = along(axis);
    const wanted = Math.min(side, Math.max(low + LASSO_STEP, high + by[axis]));
    return (value) => (high > low ? low + ((value - low) * (wanted - low)) / (high - low) : value);
  };
  const [across, down] = [scaled(0, size.width), scaled(1, size.height)];
  return outline.map(([x, y]) => [across(x), down(y)]);
}
