import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { experimentSchema, placedTrigger, type PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { compileTrigger } from '../../core/triggers/compile.ts';
import {
  configPixels,
  eraseCells,
  MAX_PAINTED_PIXELS,
  paintCells,
  paintedConfig,
  pixelAt,
  setOpacity,
  triggerBox,
  type PaintedPixel,
} from './painter-pixels.ts';

const MNIST: ImageShape = { height: 28, width: 28, channels: 1 };
const BRUSH = { color: '#336699', opacity: 0.4, size: 1 };
const PATTERN = placedTrigger();

function painted(...pixels: PaintedPixel[]): PlacedSynthesizerConfig {
  return { kind: 'painted', pixels, placement: { kind: 'as_painted' } };
}

describe('the pixels of a synthesizer', () => {
  it('are those of the pattern at its place, without the nulls', () => {
    const pixels = configPixels(PATTERN, MNIST);
    expect(pixels).toHaveLength(9);
    expect(pixels[0]).toEqual([3, 23, '#ffffff', 1]);
    expect(pixels[1]).toEqual([3, 24, '#000000', 1]);
    expect(triggerBox(PATTERN, MNIST)).toEqual({ top: 3, left: 23, height: 5, width: 3 });
  });

  it('stand at the default place, inside the image, when the place is random', () => {
    const random = { kind: 'random', per: 'batch', min_size: null, max_size: null, flip: false } as const;
    const config: PlacedSynthesizerConfig = { kind: 'single_pixel', value: 0.5, placement: random };
    expect(configPixels(config, { height: 3, width: 5, channels: 3 })).toEqual([[2, 4, '#808080', 1]]);
  });

  it('compile to the same trigger when a pattern becomes painted', () => {
    const before = compileTrigger(PATTERN, MNIST);
    const after = compileTrigger(paintedConfig(configPixels(PATTERN, MNIST), PATTERN.placement), MNIST);
    expect(after).toEqual({ ...before, origin: { row: 3, column: 23 } });
  });

  it('have no box when there are none', () => {
    expect(triggerBox(painted(), MNIST)).toBeNull();
  });
});

describe('painting', () => {
  it('turns a pattern into a painted trigger and keeps its pixels', () => {
    const next = paintCells(PATTERN, [{ row: 4, column: 23 }], BRUSH, MNIST);
    expect(next.kind).toBe('painted');
    const pixels = configPixels(next, MNIST);
    expect(pixels).toHaveLength(10);
    expect(pixelAt(pixels, { row: 4, column: 23 })).toEqual([4, 23, '#336699', 0.4]);
  });

  it('paints over, in reading order, and keeps a random placement', () => {
    const random = { kind: 'random', per: 'example', min_size: 2, max_size: 4, flip: true } as const;
    const config: PlacedSynthesizerConfig = {
      kind: 'painted',
      pixels: [[5, 5, '#ffffff', 1]],
      placement: random,
    };
    const cells = [
      { row: 5, column: 5 },
      { row: 2, column: 9 },
    ];
    expect(paintCells(config, cells, BRUSH, MNIST)).toEqual({
      kind: 'painted',
      pixels: [
        [2, 9, '#336699', 0.4],
        [5, 5, '#336699', 0.4],
      ],
      placement: random,
    });
  });

  it('stops at the limit of the schema', () => {
    const shape: ImageShape = { height: 300, width: 300, channels: 1 };
    const all = Array.from({ length: 90000 }, (_, i) => ({ row: Math.floor(i / 300), column: i % 300 }));
    const full = paintCells(painted(), all.slice(0, MAX_PAINTED_PIXELS), BRUSH, shape);
    expect(configPixels(full, shape)).toHaveLength(MAX_PAINTED_PIXELS);
    expect(paintCells(full, all.slice(-1), BRUSH, shape)).toBe(full);
  });

  it('is undone by erasing the same cells', () => {
    const cell = fc.record({ row: fc.nat(27), column: fc.nat(27) });
    fc.assert(
      fc.property(fc.uniqueArray(cell, { minLength: 1, selector: (c) => c.row * 28 + c.column }), (cells) => {
        const config = paintCells(painted(), cells, BRUSH, MNIST);
        expect(configPixels(config, MNIST)).toHaveLength(cells.length);
        expect(experimentSchema.safeParse({ attack: { synthesizer: config } }).success).toBe(true);
        expect(eraseCells(config, cells, MNIST)).toEqual(painted());
      }),
    );
  });
});

describe('erasing', () => {
  it('leaves a pattern a pattern when nothing was hit', () => {
    expect(eraseCells(PATTERN, [{ row: 0, column: 0 }], MNIST)).toBe(PATTERN);
    expect(eraseCells(PATTERN, [{ row: 3, column: 23 }], MNIST).kind).toBe('painted');
  });
});

describe('one opacity for all', () => {
  it('makes a pattern painted, unless it is full already', () => {
    expect(setOpacity(PATTERN, 1, MNIST)).toBe(PATTERN);
    const faint = setOpacity(PATTERN, 0.25, MNIST);
    expect(configPixels(faint, MNIST).map(([, , , opacity]) => opacity)).toEqual(new Array(9).fill(0.25));
  });
});
