import { describe, expect, it } from 'vitest';
import { placedTrigger, type PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { imageRgba, previewLabel, stampPreview } from './preview-stamps.ts';

const MNIST: ImageShape = { height: 28, width: 28, channels: 1 };
const PATTERN = placedTrigger();
const GREY = { images: new Uint8Array(2 * 784).fill(100), labels: [7, 2] };

describe('stampPreview', () => {
  it('stamps every image and leaves the originals', () => {
    const result = stampPreview(PATTERN, MNIST, GREY, 1);
    if (!result.ok) throw new Error(result.error.what);
    expect(result.images[3 * 28 + 23]).toBe(255);
    expect(result.images[784 + 3 * 28 + 24]).toBe(0);
    expect(GREY.images.every((value) => value === 100)).toBe(true);
    expect(result.norms.l0).toBe(9);
    expect(result.norms.lInfinity).toBeCloseTo(155 / 255, 12);
  });

  it('draws random places from the seed: the same seed the same, another seed others', () => {
    const random = { kind: 'random', per: 'example', min_size: 4, max_size: 8, flip: true } as const;
    const config: PlacedSynthesizerConfig = { kind: 'pattern', rows: [[1, 0.5, 0]], placement: random };
    const small = { ...config, placement: { ...random, min_size: 1, max_size: 2 } };
    const images = (seed: number): Uint8Array | null => {
      const result = stampPreview(small, MNIST, GREY, seed);
      return result.ok ? result.images : null;
    };
    expect(images(4)).toEqual(images(4));
    expect(images(4)).not.toEqual(images(5));
  });

  it('gives the error of a trigger that does not fit', () => {
    const empty: PlacedSynthesizerConfig = { kind: 'painted', pixels: [], placement: { kind: 'as_painted' } };
    const result = stampPreview(empty, MNIST, GREY, 1);
    expect(result.ok ? null : result.error.code).toBe('E-TRIGGER');
  });
});

describe('previewLabel', () => {
  it('is the backdoor label, or null where there is none', () => {
    expect(previewLabel({ kind: 'all_to_all', shift: 3 }, 8, 10)).toBe(1);
    expect(previewLabel({ kind: 'one_target', target: 12 }, 8, 10)).toBeNull();
  });
});

describe('imageRgba', () => {
  it('spreads grey over three channels and keeps colour', () => {
    expect([...imageRgba(Uint8Array.of(1, 2, 3, 4), 1, { height: 1, width: 2, channels: 1 })]).toEqual([
      3, 3, 3, 255, 4, 4, 4, 255,
    ]);
    expect([...imageRgba(Uint8Array.of(9, 8, 7), 0, { height: 1, width: 1, channels: 3 })]).toEqual([
      9, 8, 7, 255,
    ]);
  });
});
