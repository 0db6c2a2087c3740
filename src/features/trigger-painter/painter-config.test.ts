import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  placedTrigger,
  type PlacementConfig,
  type PlacedSynthesizerConfig,
} from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { compileTrigger } from '../../core/triggers/compile.ts';
import { backdoors101Pattern, fitInside, moveBy, moveTo, setKind, setRandom } from './painter-config.ts';
import { configPixels, triggerBox, type PaintedPixel } from './painter-pixels.ts';

const MNIST: ImageShape = { height: 28, width: 28, channels: 1 };
const TINY: ImageShape = { height: 3, width: 5, channels: 3 };
const PATTERN = placedTrigger();
const RANDOM: PlacementConfig = {
  kind: 'random',
  per: 'example',
  min_size: null,
  max_size: null,
  flip: true,
};

describe('kinds of trigger', () => {
  it('keep the place of the trigger and a random placement', () => {
    const moved = moveTo(PATTERN, { row: 10, column: 6 }, MNIST);
    const pixel = setKind(moved, 'single_pixel', MNIST);
    expect(pixel).toEqual({
      kind: 'single_pixel',
      value: 1,
      placement: { kind: 'fixed', row: 10, column: 6 },
    });
    const random = setKind(setRandom(moved, true, MNIST), 'painted', MNIST);
    expect(random.placement.kind).toBe('random');
    expect(setKind(random, 'pattern', MNIST).placement).toEqual(random.placement);
  });

  it('start painting from the pixels that are there', () => {
    const painted = setKind(PATTERN, 'painted', MNIST);
    expect(configPixels(painted, MNIST)).toEqual(configPixels(PATTERN, MNIST));
  });

  it('come back to the pattern of Backdoors 101, also from an empty painting', () => {
    const empty: PlacedSynthesizerConfig = { kind: 'painted', pixels: [], placement: { kind: 'as_painted' } };
    expect(setKind(empty, 'pattern', MNIST)).toEqual(PATTERN);
    expect(backdoors101Pattern(MNIST)).toEqual(PATTERN);
  });
});

describe('places', () => {
  it('switch to random and back to where the trigger stood', () => {
    const random = setRandom(PATTERN, true, MNIST);
    expect(random.placement.kind).toBe('random');
    expect(setRandom(random, false, MNIST)).toEqual(PATTERN);
    const painted = setKind(PATTERN, 'painted', MNIST);
    expect(setRandom(setRandom(painted, true, MNIST), false, MNIST)).toEqual(painted);
  });

  it('move by pixels and stop at the edge', () => {
    expect(triggerBox(moveBy(PATTERN, 2, -3, MNIST), MNIST)).toMatchObject({ top: 5, left: 20 });
    expect(triggerBox(moveBy(PATTERN, 99, 99, MNIST), MNIST)).toMatchObject({ top: 23, left: 25 });
    expect(triggerBox(moveBy(PATTERN, -99, -99, MNIST), MNIST)).toMatchObject({ top: 0, left: 0 });
  });

  it('move every painted pixel alike, with colour and opacity', () => {
    const pixels: PaintedPixel[] = [
      [1, 2, '#ff0000', 0.5],
      [3, 0, '#00ff00', 1],
    ];
    const painted: PlacedSynthesizerConfig = { kind: 'painted', pixels, placement: { kind: 'as_painted' } };
    expect(configPixels(moveBy(painted, 4, 7, MNIST), MNIST)).toEqual([
      [5, 9, '#ff0000', 0.5],
      [7, 7, '#00ff00', 1],
    ]);
  });

  it('do not move what is placed at random', () => {
    const random: PlacedSynthesizerConfig = { ...PATTERN, placement: RANDOM };
    expect(moveBy(random, 1, 1, MNIST)).toBe(random);
  });
});

describe('fitInside', () => {
  it('leaves what fits as it is', () => {
    expect(fitInside(PATTERN, MNIST)).toBe(PATTERN);
  });

  it('cuts the pattern to a smaller image', () => {
    const cut = fitInside(PATTERN, TINY);
    expect(triggerBox(cut, TINY)).toEqual({ top: 0, left: 2, height: 3, width: 3 });
  });

  it('makes anything that the schema accepts compile', () => {
    const size = fc.option(fc.integer({ min: 1, max: 60 }), { nil: null });
    const random = fc.record({ min_size: size, max_size: size }).map((sizes) => ({ ...RANDOM, ...sizes }));
    const pixel = fc.tuple(fc.nat(60), fc.nat(60), fc.constant('#a0b0c0'), fc.constant(0.5));
    const painted = fc.record({
      kind: fc.constant('painted' as const),
      pixels: fc.array(pixel, { minLength: 1, maxLength: 8 }),
      placement: fc.oneof(fc.constant({ kind: 'as_painted' as const }), random),
    });
    const pattern = fc.record({
      kind: fc.constant('pattern' as const),
      rows: fc
        .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
        .map(([height, width]) => Array.from({ length: height }, () => new Array<number>(width).fill(0.5))),
      placement: fc.oneof(
        fc.record({ kind: fc.constant('fixed' as const), row: fc.nat(60), column: fc.nat(60) }),
        random,
      ),
    });
    fc.assert(
      fc.property(fc.oneof(painted, pattern), fc.constantFrom(MNIST, TINY), (input, shape) => {
        const synthesizer = placedTrigger(input);
        expect(() => compileTrigger(fitInside(synthesizer, shape), shape)).not.toThrow();
      }),
    );
  });
});
