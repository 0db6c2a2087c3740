import { placedTrigger, type PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { greyColor } from '../../core/triggers/color.ts';
import type { Cell } from './painter-geometry.ts';

export type PaintedConfig = Extract<PlacedSynthesizerConfig, { kind: 'painted' }>;
/** Row, column, colour `#rrggbb`, opacity in (0, 1]. */
export type PaintedPixel = PaintedConfig['pixels'][number];

export interface Brush {
  /** `#rrggbb` */
  color: string;
  /** In (0, 1]. */
  opacity: number;
  /** Side of the square brush, in pixels. */
  size: number;
}

/** The schema's limit of painted pixels. */
export const MAX_PAINTED_PIXELS = 65536;

export interface Box {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** The smallest box around the pixels of a synthesizer as the grid shows it; null when nothing is painted. */
export function triggerBox(config: PlacedSynthesizerConfig, shape: ImageShape): Box | null {
  if (config.kind !== 'painted') {
    const { row, column } = anchor(config, shape);
    return { top: row, left: column, ...sizeOf(config) };
  }
  if (config.pixels.length === 0) return null;
  let [top, left, bottom, right] = [Infinity, Infinity, -1, -1];
  for (const [row, column] of config.pixels) {
    top = Math.min(top, row);
    left = Math.min(left, column);
    bottom = Math.max(bottom, row);
    right = Math.max(right, column);
  }
  return { top, left, height: bottom - top + 1, width: right - left + 1 };
}

/** The pixels of any synthesizer, where the grid shows them (a random place is drawn at the default one). */
export function configPixels(config: PlacedSynthesizerConfig, shape: ImageShape): PaintedPixel[] {
  if (config.kind === 'painted') return config.pixels;
  const { row: top, column: left } = anchor(config, shape);
  const rows = config.kind === 'pattern' ? config.rows : [[config.value]];
  return rows.flatMap((row, r) =>
    row.flatMap((value, c): PaintedPixel[] =>
      value === null ? [] : [[top + r, left + c, greyColor(value), 1]],
    ),
  );
}

/** A painted synthesizer with these pixels, in reading order; a random placement stays. */
export function paintedConfig(
  pixels: readonly PaintedPixel[],
  placement: PlacedSynthesizerConfig['placement'],
): PaintedConfig {
  return {
    kind: 'painted',
    pixels: [...pixels].sort((a, b) => a[0] - b[0] || a[1] - b[1]),
    placement: placement.kind === 'random' ? placement : { kind: 'as_painted' },
  };
}

/** Paints cells; a pattern or single pixel becomes painted. Past the schema's limit of pixels nothing more is painted. */
export function paintCells(
  config: PlacedSynthesizerConfig,
  cells: readonly Cell[],
  brush: Brush,
  shape: ImageShape,
): PlacedSynthesizerConfig {
  if (cells.length === 0) return config;
  const pixels = pixelMap(configPixels(config, shape));
  for (const { row, column } of cells)
    pixels.set(key(row, column), [row, column, brush.color, brush.opacity]);
  return pixels.size > MAX_PAINTED_PIXELS ? config : paintedConfig([...pixels.values()], config.placement);
}

/** Erases cells; gives the same configuration back when none of them was painted. */
export function eraseCells(
  config: PlacedSynthesizerConfig,
  cells: readonly Cell[],
  shape: ImageShape,
): PlacedSynthesizerConfig {
  const pixels = pixelMap(configPixels(config, shape));
  const before = pixels.size;
  for (const { row, column } of cells) pixels.delete(key(row, column));
  return pixels.size === before ? config : paintedConfig([...pixels.values()], config.placement);
}

/** One opacity for all pixels; below 1 a pattern or single pixel becomes painted. */
export function setOpacity(
  config: PlacedSynthesizerConfig,
  opacity: number,
  shape: ImageShape,
): PlacedSynthesizerConfig {
  const pixels = configPixels(config, shape).map(([row, column, color]): PaintedPixel => [
    row,
    column,
    color,
    opacity,
  ]);
  return config.kind !== 'painted' && opacity === 1 ? config : paintedConfig(pixels, config.placement);
}

export function pixelAt(pixels: readonly PaintedPixel[], cell: Cell): PaintedPixel | undefined {
  return pixels.findLast(([row, column]) => row === cell.row && column === cell.column);
}

/** Where the grid shows a pattern or single pixel: its fixed place, or the default one as far as it fits. */
export function anchor(config: Exclude<PlacedSynthesizerConfig, PaintedConfig>, shape: ImageShape): Cell {
  if (config.placement.kind === 'fixed')
    return { row: config.placement.row, column: config.placement.column };
  return clampPlace(DEFAULT_PLACE, sizeOf(config), shape);
}

/** The nearest place where a trigger of this size lies inside the image (0 where it is larger). */
export function clampPlace(place: Cell, size: { height: number; width: number }, shape: ImageShape): Cell {
  return {
    row: Math.max(0, Math.min(place.row, shape.height - size.height)),
    column: Math.max(0, Math.min(place.column, shape.width - size.width)),
  };
}

const { placement: USUAL } = placedTrigger();
const DEFAULT_PLACE: Cell = USUAL.kind === 'fixed' ? USUAL : { row: 0, column: 0 };

function sizeOf(config: Exclude<PlacedSynthesizerConfig, PaintedConfig>): { height: number; width: number } {
  return config.kind === 'pattern'
    ? { height: config.rows.length, width: config.rows[0]?.length ?? 0 }
    : { height: 1, width: 1 };
}

/** Rows and columns are below 4,096 in the schema. */
const key = (row: number, column: number): number => row * 4096 + column;

function pixelMap(pixels: readonly PaintedPixel[]): Map<number, PaintedPixel> {
  return new Map(pixels.map((pixel) => [key(pixel[0], pixel[1]), pixel]));
}
