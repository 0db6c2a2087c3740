import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlacementConfig } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import { placeBatch, placeTrigger } from './place.ts';
import { flipTrigger, resizeTrigger, scaledSize } from './resize.ts';
import type { Trigger } from './trigger.ts';

const SHAPE: ImageShape = { height: 9, width: 14, channels: 3 };

/** A trigger whose values tell where each pixel came from. */
function numbered(height: number, width: number, channels: 1 | 3 = 3): Trigger {
  const values = Float32Array.from({ length: height * width * channels }, (_, i) => i / 256);
  const opacity = Float32Array.from({ length: height * width }, (_, i) => (i % 3 === 1 ? 0 : 0.5));
  return { height, width, channels, values, opacity };
}

function random(overrides: Partial<Extract<PlacementConfig, { kind: 'random' }>> = {}) {
  return {
    kind: 'random',
    per: 'example',
    min_size: null,
    max_size: null,
    flip: false,
    ...overrides,
  } as const;
}

describe('placeTrigger', () => {
  it('puts a fixed trigger at its place, and draws nothing', () => {
    const stream = randomStream(3, 'place');
    const trigger = numbered(2, 3);
    const first = placeTrigger(trigger, { kind: 'fixed', row: 7, column: 11 }, SHAPE, stream);
    const second = placeTrigger(trigger, { kind: 'fixed', row: 0, column: 4 }, SHAPE, stream);
    expect([first.row, first.column, second.row, second.column]).toEqual([7, 11, 0, 4]);
    expect(first.trigger).toBe(trigger);
    expect(stream.next()).toBe(randomStream(3, 'place').next());
  });

  it('puts a painted trigger where it was painted', () => {
    const trigger = { ...numbered(2, 3), origin: { row: 4, column: 6 } };
    const placed = placeTrigger(trigger, { kind: 'as_painted' }, SHAPE, randomStream(1));
    expect([placed.row, placed.column]).toEqual([4, 6]);
  });

  it('reaches every place where it fits, the last row and column too, and none outside', () => {
    const stream = randomStream(11, 'places');
    const seen = new Set<string>();
    for (let i = 0; i < 4000; i++) {
      const { row, column } = placeTrigger(numbered(5, 11), random(), SHAPE, stream);
      seen.add(`${row},${column}`);
    }
    expect(seen.size).toBe((9 - 5 + 1) * (14 - 11 + 1));
    expect(seen.has('4,3')).toBe(true);
  });

  it('draws each size of the range, for the shorter side, and keeps the aspect', () => {
    const stream = randomStream(5, 'sizes');
    const sizes = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const { trigger } = placeTrigger(numbered(2, 3), random({ min_size: 3, max_size: 5 }), SHAPE, stream);
      sizes.add(`${trigger.height}x${trigger.width}`);
    }
    expect([...sizes].sort()).toEqual(['3x4', '4x6', '5x7']);
  });

  it('takes the size as drawn for an empty end of the range', () => {
    const stream = randomStream(5, 'sizes');
    const heights = new Set<number>();
    for (let i = 0; i < 200; i++) {
      heights.add(placeTrigger(numbered(2, 3), random({ max_size: 4 }), SHAPE, stream).trigger.height);
    }
    expect([...heights].sort()).toEqual([2, 3, 4]);
  });

  it('flips about half of the time when asked, never otherwise', () => {
    const stream = randomStream(8, 'flips');
    const trigger = numbered(2, 3);
    const flips = (flip: boolean): number => {
      let count = 0;
      for (let i = 0; i < 1000; i++) {
        if (placeTrigger(trigger, random({ flip }), SHAPE, stream).trigger !== trigger) count++;
      }
      return count;
    };
    expect(flips(false)).toBe(0);
    expect(Math.abs(flips(true) - 500)).toBeLessThan(80);
  });

  it('never leaves the image, whatever the shapes', () => {
    const side = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(side, side, side, fc.boolean(), fc.nat(), (height, width, size, flip, seed) => {
        const trigger = numbered(height, width, 1);
        const largest = scaledSize(trigger, Math.max(size, Math.min(height, width)));
        const shape: ImageShape = { height: largest.height + 1, width: largest.width, channels: 1 };
        const placed = placeTrigger(trigger, random({ max_size: size, flip }), shape, randomStream(seed));
        expect(placed.row + placed.trigger.height).toBeLessThanOrEqual(shape.height);
        expect(placed.column + placed.trigger.width).toBeLessThanOrEqual(shape.width);
        expect(placed.trigger.values).toHaveLength(placed.trigger.height * placed.trigger.width);
      }),
    );
  });

  it('refuses a trigger that does not fit the images', () => {
    expect(() => placeTrigger(numbered(10, 2), random(), SHAPE, randomStream(1))).toThrow(/10x2.*9x14/);
    expect(() =>
      placeTrigger(numbered(2, 2), { kind: 'fixed', row: 8, column: 0 }, SHAPE, randomStream(1)),
    ).toThrow('E-TRIGGER');
  });
});

describe('placeBatch', () => {
  it('draws one place for a batch, or one for each example', () => {
    const trigger = numbered(2, 2);
    const places = (per: 'batch' | 'example'): Set<string> => {
      const all = placeBatch(trigger, random({ per }), SHAPE, 40, randomStream(2, 'batch'));
      expect(all).toHaveLength(40);
      return new Set(all.map(({ row, column }) => `${row},${column}`));
    };
    expect(places('batch').size).toBe(1);
    expect(places('example').size).toBeGreaterThan(10);
  });

  it('gives nothing for an empty batch', () => {
    expect(placeBatch(numbered(1, 1), random({ per: 'batch' }), SHAPE, 0, randomStream(2))).toEqual([]);
  });
});

describe('resizing and flipping', () => {
  it('keeps the mask with the values, by nearest neighbour', () => {
    const trigger: Trigger = {
      height: 1,
      width: 2,
      channels: 1,
      values: Float32Array.of(0.25, 0.75),
      opacity: Float32Array.of(0, 1),
    };
    const grown = resizeTrigger(trigger, { height: 2, width: 4 });
    expect([...grown.values]).toEqual([0.25, 0.25, 0.75, 0.75, 0.25, 0.25, 0.75, 0.75]);
    expect([...grown.opacity]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it('gives the trigger back after growing it by a whole factor and shrinking it again', () => {
    const trigger = numbered(3, 5);
    const back = resizeTrigger(resizeTrigger(trigger, { height: 9, width: 15 }), { height: 3, width: 5 });
    expect(back).toEqual(trigger);
  });

  it('mirrors left to right, with all channels, and twice is nothing', () => {
    const trigger = numbered(2, 3);
    const flipped = flipTrigger(trigger);
    expect([...flipped.values.slice(0, 3)]).toEqual([...trigger.values.slice(6, 9)]);
    expect(flipped.opacity[0]).toBe(trigger.opacity[2]);
    expect(flipTrigger(flipped)).toEqual(trigger);
  });
});
