import {
  placedTrigger,
  type PlacementConfig,
  type PlacedSynthesizerConfig,
} from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { scaledSize, sizeRange } from '../../core/triggers/resize.ts';
import type { Cell } from './painter-geometry.ts';
import { clampPlace, configPixels, paintedConfig, triggerBox, type PaintedPixel } from './painter-pixels.ts';

export type RandomPlacement = Extract<PlacementConfig, { kind: 'random' }>;

/** The pattern of Backdoors 101 at its place, as far as the image holds it. */
export function backdoors101Pattern(shape: ImageShape): PlacedSynthesizerConfig {
  return fitInside(placedTrigger(), shape);
}

/** Another kind of trigger at the same place. Painted starts from the pixels that are there. */
export function setKind(
  config: PlacedSynthesizerConfig,
  kind: PlacedSynthesizerConfig['kind'],
  shape: ImageShape,
): PlacedSynthesizerConfig {
  if (config.kind === kind) return config;
  if (kind === 'painted') return paintedConfig(configPixels(config, shape), config.placement);
  const box = triggerBox(config, shape);
  const placement: PlacementConfig =
    config.placement.kind === 'random' || box === null
      ? config.placement
      : { kind: 'fixed', row: box.top, column: box.left };
  const parsed = placedTrigger({ kind });
  return fitInside(placement.kind === 'as_painted' ? parsed : withPlacement(parsed, placement), shape);
}

/** Switches between the place where the trigger is drawn and a random one. */
export function setRandom(
  config: PlacedSynthesizerConfig,
  random: boolean,
  shape: ImageShape,
): PlacedSynthesizerConfig {
  if (random === (config.placement.kind === 'random')) return config;
  if (random) {
    return withPlacement(config, {
      kind: 'random',
      per: 'batch',
      min_size: null,
      max_size: null,
      flip: false,
    });
  }
  if (config.kind === 'painted') return { ...config, placement: { kind: 'as_painted' } };
  const box = triggerBox(config, shape);
  return withPlacement(config, { kind: 'fixed', row: box?.top ?? 0, column: box?.left ?? 0 });
}

/** Moves a trigger so that its top left corner comes to `place`, or as near as it fits. A random place stays random. */
export function moveTo(
  config: PlacedSynthesizerConfig,
  place: Cell,
  shape: ImageShape,
): PlacedSynthesizerConfig {
  const box = triggerBox(config, shape);
  if (box === null || config.placement.kind === 'random') return config;
  const { row, column } = clampPlace(place, box, shape);
  if (row === box.top && column === box.left) return config;
  if (config.kind !== 'painted') return withPlacement(config, { kind: 'fixed', row, column });
  const pixels = config.pixels.map(([r, c, color, opacity]): PaintedPixel => [
    r - box.top + row,
    c - box.left + column,
    color,
    opacity,
  ]);
  return { ...config, pixels };
}

export function moveBy(
  config: PlacedSynthesizerConfig,
  rows: number,
  columns: number,
  shape: ImageShape,
): PlacedSynthesizerConfig {
  const box = triggerBox(config, shape);
  return box === null ? config : moveTo(config, { row: box.top + rows, column: box.left + columns }, shape);
}

/** Makes any trigger fit: moves it inside, cuts off what is larger than the image, and lowers a random size. */
export function fitInside(config: PlacedSynthesizerConfig, shape: ImageShape): PlacedSynthesizerConfig {
  const cut = cutToImage(config, shape);
  if (cut.placement.kind === 'random') return lowerSizes(cut, cut.placement, shape);
  return moveTo(cut, triggerPlace(cut, shape), shape);
}

/** The same trigger with another placement; a fixed place says nothing to a painted one, which knows its own. */
export function withPlacement(
  config: PlacedSynthesizerConfig,
  placement: Exclude<PlacementConfig, { kind: 'as_painted' }>,
): PlacedSynthesizerConfig {
  if (config.kind !== 'painted') return { ...config, placement };
  return { ...config, placement: placement.kind === 'random' ? placement : { kind: 'as_painted' } };
}

function triggerPlace(config: PlacedSynthesizerConfig, shape: ImageShape): Cell {
  const box = triggerBox(config, shape);
  return { row: box?.top ?? 0, column: box?.left ?? 0 };
}

function cutToImage(config: PlacedSynthesizerConfig, shape: ImageShape): PlacedSynthesizerConfig {
  if (config.kind === 'single_pixel') return config;
  if (config.kind === 'pattern') {
    if (config.rows.length <= shape.height && (config.rows[0]?.length ?? 0) <= shape.width) return config;
    return { ...config, rows: config.rows.slice(0, shape.height).map((row) => row.slice(0, shape.width)) };
  }
  const box = triggerBox(config, shape);
  if (box === null) return config;
  const from = (top: number, left: number): PaintedPixel[] =>
    config.pixels.filter(
      ([row, column]) =>
        row >= top && column >= left && row - top < shape.height && column - left < shape.width,
    );
  let pixels = from(box.top, box.left);
  // The corner of the box may be bare: then cut around the first pixel, so that something is left.
  if (pixels.length === 0) pixels = from(config.pixels[0]?.[0] ?? 0, config.pixels[0]?.[1] ?? 0);
  return pixels.length === config.pixels.length ? config : { ...config, pixels };
}

function lowerSizes(
  config: PlacedSynthesizerConfig,
  placement: RandomPlacement,
  shape: ImageShape,
): PlacedSynthesizerConfig {
  const box = triggerBox(config, shape);
  if (box === null) return config;
  const fits = (side: number): boolean => {
    const size = scaledSize(box, side);
    return size.height <= shape.height && size.width <= shape.width;
  };
  const { min_size: smallest, max_size: largest } = placement;
  const ordered =
    smallest !== null && largest !== null && smallest > largest
      ? { ...placement, min_size: largest, max_size: smallest }
      : placement;
  const range = sizeRange(box, ordered);
  if (fits(range.max)) return ordered === placement ? config : withPlacement(config, ordered);
  let side = Math.min(range.max, shape.height, shape.width);
  while (side > 1 && !fits(side)) side--;
  const lower = (size: number | null): number | null => (size === null ? null : Math.min(size, side));
  return withPlacement(config, {
    ...ordered,
    min_size: lower(ordered.min_size),
    max_size: lower(ordered.max_size),
  });
}
