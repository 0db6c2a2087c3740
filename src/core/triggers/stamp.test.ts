import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placedTrigger } from '../config/schema.ts';
import type { ImageShape } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import { compileTrigger } from './compile.ts';
import golden from './golden/pattern_synthesizer.json';
import { placeTrigger } from './place.ts';
import { stampNormalized, stampPixels } from './stamp.ts';
import type { PlacedTrigger, Trigger } from './trigger.ts';

const SHAPE: ImageShape = { height: 3, width: 5, channels: 3 };
const MEAN = [0.4914, 0.4822, 0.4465];
const DEVIATION = [0.2023, 0.1994, 0.201];

function trigger(height: number, width: number, channels: 1 | 3, opacity: number[]): Trigger {
  const values = Float32Array.from({ length: height * width * channels }, (_, i) => ((i * 37) % 11) / 11);
  return { height, width, channels, values, opacity: Float32Array.from(opacity) };
}

function pixels(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * 29) % 17) / 17);
}

/** The slow, obvious twin: visits every pixel of every image and asks what lies there. */
function stampTwin(images: Float32Array, index: number, shape: ImageShape, placed: PlacedTrigger) {
  return images.map((pixel, flat) => {
    const channel = flat % shape.channels;
    const column = Math.floor(flat / shape.channels) % shape.width;
    const row = Math.floor(flat / shape.channels / shape.width) % shape.height;
    const image = Math.floor(flat / shape.channels / shape.width / shape.height);
    const r = row - placed.row;
    const c = column - placed.column;
    const { trigger: t } = placed;
    if (image !== index || r < 0 || c < 0 || r >= t.height || c >= t.width) return pixel;
    const opacity = t.opacity[r * t.width + c] ?? 0;
    return opacity * (t.values[(r * t.width + c) * shape.channels + channel] ?? 0) + (1 - opacity) * pixel;
  });
}

describe('the reference figures of Backdoors 101 (PyTorch 1.13)', () => {
  const cases = [
    { figures: golden.MNIST, mean: [0.1307], deviation: [0.3081] },
    { figures: golden.CIFAR10, mean: MEAN, deviation: DEVIATION },
  ];
  it.each(cases)('stamps the default pattern as it does ($figures.shape)', ({ figures, mean, deviation }) => {
    const [channels = 0, height = 0, width = 0] = figures.shape;
    const shape: ImageShape = { height, width, channels: channels === 1 ? 1 : 3 };
    // Two images in a batch; the second is stamped, so that an index that is ignored shows.
    const images = new Float32Array(2 * height * width * channels);
    const offset = height * width * channels;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < height * width; i++) {
        const wave = Math.sin(12.9898 * (c * height * width + i) + 78.233 * figures.input_seed);
        images[offset + i * channels + c] = wave;
      }
    }
    const synthesizer = placedTrigger();
    const compiled = compileTrigger(synthesizer, shape);
    const placed = placeTrigger(compiled, synthesizer.placement, shape, randomStream(1));
    stampNormalized(images, 1, shape, placed, mean, deviation);

    expect([placed.row, placed.column]).toEqual([figures.row_top, figures.col_left]);
    const stamped = compiled.opacity.filter((opacity) => opacity > 0).length;
    expect(stamped * channels).toBe(figures.masked_pixels);
    // 1e-4: both sides are float32; the figures are printed with eight digits.
    expect(Math.hypot(...images) / figures.out_l2).toBeCloseTo(1, 4);
    figures.patch_rows3to7_cols23to25.forEach((rows, c) =>
      rows.forEach((row, r) =>
        row.forEach((value, k) => {
          const at = offset + ((3 + r) * width + 23 + k) * channels + c;
          expect(Math.abs((images[at] ?? NaN) - value)).toBeLessThan(1e-4);
        }),
      ),
    );
  });
});

describe('stampPixels', () => {
  it.each([
    { row: 0, column: 0 },
    { row: 1, column: 3 },
  ])('blends at row $row, column $column of an uneven RGB image', (place) => {
    const placed = { trigger: trigger(2, 2, 3, [0.3, 1, 0, 0.7]), ...place };
    const images = pixels(2 * 45);
    const expected = stampTwin(images, 1, SHAPE, placed);
    stampPixels(images, 1, SHAPE, placed);
    images.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
  });

  it('replaces exactly at opacity 1 and leaves exactly at opacity 0', () => {
    const placed = { trigger: trigger(1, 2, 3, [1, 0]), row: 2, column: 1 };
    const images = pixels(45).map((value) => value * 1e7);
    const before = images.slice();
    stampPixels(images, 0, SHAPE, placed);
    expect([...images.slice(33, 36)]).toEqual([...placed.trigger.values.slice(0, 3)]);
    expect([...images.slice(36)]).toEqual([...before.slice(36)]);
  });

  it('rounds bytes to the nearest', () => {
    const dot: Trigger = {
      height: 1,
      width: 1,
      channels: 1,
      values: Float32Array.of(1),
      opacity: Float32Array.of(0.3),
    };
    const image = Uint8Array.of(10, 11, 12, 13);
    const shape: ImageShape = { height: 2, width: 2, channels: 1 };
    stampPixels(image, 0, shape, { trigger: dot, row: 1, column: 0 });
    expect([...image]).toEqual([10, 11, Math.round(0.3 * 255 + 0.7 * 12), 13]);
  });

  it('equals its slow twin for any trigger that fits', () => {
    const scene = fc
      .record({
        height: fc.integer({ min: 1, max: 6 }),
        width: fc.integer({ min: 1, max: 6 }),
        channels: fc.constantFrom<1 | 3>(1, 3),
        down: fc.nat(3),
        right: fc.nat(3),
        below: fc.nat(2),
        index: fc.nat(2),
      })
      .chain((size) =>
        fc.record({
          size: fc.constant(size),
          opacity: fc.array(fc.constantFrom(0, 0.3, 0.5, 1), {
            minLength: size.height * size.width,
            maxLength: size.height * size.width,
          }),
        }),
      );
    fc.assert(
      fc.property(scene, ({ size, opacity }) => {
        const { height, width, channels, down, right, below, index } = size;
        const shape: ImageShape = { height: height + down + below, width: width + right + 1, channels };
        const placed = { trigger: trigger(height, width, channels, opacity), row: down, column: right };
        const images = pixels(3 * shape.height * shape.width * channels);
        const expected = stampTwin(images, index, shape, placed);
        stampPixels(images, index, shape, placed);
        images.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6));
      }),
    );
  });

  it('refuses images that are not there, places outside and other channels', () => {
    const placed = { trigger: trigger(2, 2, 3, [1, 1, 1, 1]), row: 0, column: 0 };
    const images = pixels(45);
    expect(() => stampPixels(images, 1, SHAPE, placed)).toThrow('E-SHAPE');
    expect(() => stampPixels(images, -1, SHAPE, placed)).toThrow('E-SHAPE');
    expect(() => stampPixels(images, 0, SHAPE, { ...placed, row: 2 })).toThrow('E-TRIGGER');
    expect(() => stampPixels(images, 0, SHAPE, { ...placed, column: -1 })).toThrow('E-TRIGGER');
    const grey = { trigger: trigger(1, 1, 1, [1]), row: 0, column: 0 };
    expect(() => stampPixels(images, 0, SHAPE, grey)).toThrow('E-TRIGGER');
    expect(images).toEqual(pixels(45));
  });
});

describe('stampNormalized', () => {
  it('equals stamping the pixels and normalising after', () => {
    const placed = { trigger: trigger(2, 3, 3, [0.3, 1, 0, 0.3, 0.9, 0.1]), row: 1, column: 2 };
    const normalize = (images: Float32Array): Float32Array =>
      images.map((value, i) => (value - (MEAN[i % 3] ?? 0)) / (DEVIATION[i % 3] ?? 1));
    const images = pixels(2 * 45);
    const normalized = normalize(images);
    stampPixels(images, 1, SHAPE, placed);
    stampNormalized(normalized, 1, SHAPE, placed, MEAN, DEVIATION);
    const expected = normalize(images);
    normalized.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
  });

  it('refuses means and deviations for another number of channels', () => {
    const placed = { trigger: trigger(1, 1, 3, [1]), row: 0, column: 0 };
    expect(() => stampNormalized(pixels(45), 0, SHAPE, placed, [0.5], [0.5])).toThrow('E-SHAPE');
  });
});
