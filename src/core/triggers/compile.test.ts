import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placedTrigger } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { compileTrigger } from './compile.ts';

const MNIST: ImageShape = { height: 28, width: 28, channels: 1 };
const TINY_RGB: ImageShape = { height: 3, width: 5, channels: 3 };

const synthesizer = placedTrigger;

function triggerError(run: () => unknown): LabError {
  try {
    run();
  } catch (error) {
    if (error instanceof LabError && error.code === 'E-TRIGGER') return error;
    throw error;
  }
  throw new Error('expected E-TRIGGER');
}

describe('compileTrigger', () => {
  it('reads the default pattern, whose nulls leave the pixel', () => {
    const trigger = compileTrigger(synthesizer({ kind: 'pattern' }), MNIST);
    expect([trigger.height, trigger.width, trigger.channels]).toEqual([5, 3, 1]);
    expect([...trigger.values]).toEqual([1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1]);
    expect([...trigger.opacity]).toEqual([1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1]);
  });

  it('gives a grey pattern and a single pixel to all three channels', () => {
    const pattern = synthesizer({
      kind: 'pattern',
      rows: [[0.25, null]],
      placement: { kind: 'fixed', row: 2, column: 3 },
    });
    expect([...compileTrigger(pattern, TINY_RGB).values]).toEqual([0.25, 0.25, 0.25, 0, 0, 0]);
    const pixel = synthesizer({
      kind: 'single_pixel',
      value: 0.75,
      placement: { kind: 'fixed', row: 2, column: 4 },
    });
    const trigger = compileTrigger(pixel, TINY_RGB);
    expect([trigger.height, trigger.width]).toEqual([1, 1]);
    expect([...trigger.values]).toEqual([0.75, 0.75, 0.75]);
  });

  it('cuts a painted trigger to the box around its pixels and remembers where it was', () => {
    const painted = synthesizer({
      kind: 'painted',
      pixels: [
        [1, 3, '#ff8000', 0.3],
        [2, 1, '#0000ff', 1],
      ],
    });
    const trigger = compileTrigger(painted, TINY_RGB);
    expect([trigger.height, trigger.width]).toEqual([2, 3]);
    expect(trigger.origin).toEqual({ row: 1, column: 1 });
    expect([...trigger.opacity]).toEqual([0, 0, Math.fround(0.3), 1, 0, 0]);
    expect([...trigger.values.slice(6, 9)]).toEqual([1, Math.fround(128 / 255), 0]);
    expect([...trigger.values.slice(9, 12)]).toEqual([0, 0, 1]);
  });

  it('turns colours to grey by luminance for grey images, and keeps a grey exactly', () => {
    const painted = synthesizer({
      kind: 'painted',
      pixels: [
        [0, 0, '#ff0000', 1],
        [0, 1, '#336699', 1],
        [0, 2, '#ffffff', 1],
      ],
    });
    const { values } = compileTrigger(painted, MNIST);
    expect(values[0]).toBeCloseTo(0.299, 6);
    expect(values[1]).toBeCloseTo(0.299 * 0.2 + 0.587 * 0.4 + 0.114 * 0.6, 6);
    expect(values[2]).toBe(1);
  });

  it('lets the last of two paints of one pixel win', () => {
    const painted = synthesizer({
      kind: 'painted',
      pixels: [
        [4, 4, '#ffffff', 1],
        [4, 4, '#000000', 0.5],
      ],
    });
    const trigger = compileTrigger(painted, MNIST);
    expect([trigger.values[0], trigger.opacity[0]]).toEqual([0, 0.5]);
  });

  it('refuses a painted trigger without pixels and says what to do', () => {
    const error = triggerError(() => compileTrigger(synthesizer({ kind: 'painted' }), MNIST));
    expect(error.fix).toMatch(/Paint at least one pixel/);
  });

  it('refuses a pattern of nulls, and one of uneven rows', () => {
    triggerError(() => compileTrigger(synthesizer({ kind: 'pattern', rows: [[null], [null]] }), MNIST));
    const error = triggerError(() =>
      compileTrigger(synthesizer({ kind: 'pattern', rows: [[1, 1], [1]] }), MNIST),
    );
    expect(error.where).toBe('attack.synthesizer.rows[1]');
  });

  it('refuses a trigger larger than the image and names both sizes', () => {
    const rows = new Array<number[]>(4).fill([1, 1]);
    const error = triggerError(() => compileTrigger(synthesizer({ kind: 'pattern', rows }), TINY_RGB));
    expect(error.what).toContain('4x2');
    expect(error.what).toContain('3x5');
  });

  it('refuses a place past the edge and says how far it may go', () => {
    const placement = { kind: 'fixed', row: 24, column: 26 } as const;
    const error = triggerError(() => compileTrigger(synthesizer({ kind: 'pattern', placement }), MNIST));
    expect(error.what).toContain('5x3');
    expect(error.what).toContain('28x28');
    expect(error.fix).toContain('row 23');
    expect(error.fix).toContain('column 25');
  });

  it('refuses a painted pixel outside the image, but not when the place is random', () => {
    const pixels: [number, number, string, number][] = [[40, 40, '#ffffff', 1]];
    triggerError(() => compileTrigger(synthesizer({ kind: 'painted', pixels }), MNIST));
    const moved = synthesizer({ kind: 'painted', pixels, placement: { kind: 'random' } });
    expect(compileTrigger(moved, MNIST).opacity).toHaveLength(1);
  });

  it('refuses a random size that would not fit at its largest', () => {
    const grown = synthesizer({ kind: 'pattern', placement: { kind: 'random', min_size: 2, max_size: 18 } });
    const error = triggerError(() => compileTrigger(grown, MNIST));
    expect(error.what).toContain('30x18');
    expect(error.where).toBe('attack.synthesizer.placement.max_size');
  });

  it('refuses a smallest size above the largest', () => {
    const placement = { kind: 'random', min_size: 9, max_size: 4 } as const;
    const error = triggerError(() => compileTrigger(synthesizer({ kind: 'pattern', placement }), MNIST));
    expect(error.fix).toMatch(/Swap/);
  });

  it('keeps each painted pixel at its own place, whatever is painted', () => {
    const pixel = fc.tuple(
      fc.nat(27),
      fc.nat(27),
      fc.nat(0xffffff).map((code) => `#${code.toString(16).padStart(6, '0')}`),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(pixel, { minLength: 1, maxLength: 30, selector: ([r, c]) => r * 28 + c }),
        (pixels) => {
          const trigger = compileTrigger(synthesizer({ kind: 'painted', pixels }), { ...MNIST, channels: 3 });
          const { row: top = 0, column: left = 0 } = trigger.origin ?? {};
          for (const [row, column, color, opacity] of pixels) {
            const at = (row - top) * trigger.width + column - left;
            expect(trigger.opacity[at]).toBe(Math.fround(opacity));
            expect(Math.round((trigger.values[at * 3] ?? -1) * 255)).toBe(parseInt(color.slice(1, 3), 16));
          }
          expect([...trigger.opacity].filter((opacity) => opacity > 0)).toHaveLength(pixels.length);
        },
      ),
    );
  });
});
