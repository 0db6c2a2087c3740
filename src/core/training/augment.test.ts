import { describe, expect, it } from 'vitest';
import type { ImageShape } from '../datasets/dataset.ts';
import { augmentation, type AugmentationConfig } from './augment.ts';

const SHAPE: ImageShape = { height: 4, width: 3, channels: 1 };
const IMAGE = Uint8Array.from({ length: 12 }, (_, at) => 10 + at);
const OFF: AugmentationConfig = { crop_padding: 0, flip: false, smallest_crop: 1 };

const changed = (config: Partial<AugmentationConfig>, index: number, epoch = 1): number[] => [
  ...(augmentation({ ...OFF, ...config }, SHAPE, 7, epoch)?.(index, IMAGE) ?? []),
];

describe('the augmentation of training images', () => {
  it('is none unless it is asked for', () => {
    expect(augmentation(OFF, SHAPE, 7, 1)).toBeNull();
  });

  it('mirrors about half of the images, left to right', () => {
    const mirrored = [12, 11, 10, 15, 14, 13, 18, 17, 16, 21, 20, 19];
    const all = Array.from({ length: 200 }, (_, index) => changed({ flip: true }, index));
    const count = all.filter((bytes) => String(bytes) === String(mirrored)).length;
    expect(all.every((bytes) => [String(mirrored), String([...IMAGE])].includes(String(bytes)))).toBe(true);
    expect(count).toBeGreaterThan(70);
    expect(count).toBeLessThan(130);
  });

  it('moves an image by at most the padding, over black', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200; index++) {
      const bytes = changed({ crop_padding: 1 }, index);
      seen.add(String(bytes));
      const kept = bytes.filter((byte) => byte !== 0);
      expect(kept.length).toBeGreaterThanOrEqual(3 * 2);
      // What is left is in the order of the image.
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
    }
    expect(seen.size).toBe(9);
  });

  it('shows a part at full size', () => {
    const bytes = changed({ smallest_crop: 0.2 }, 3);
    expect(bytes).toHaveLength(12);
    expect(Math.min(...bytes)).toBeGreaterThanOrEqual(10);
    expect(Math.max(...bytes)).toBeLessThanOrEqual(21);
    expect(bytes).not.toEqual([...IMAGE]);
  });

  it('is the same for an example in an epoch, and another in the next', () => {
    const config = { crop_padding: 1, flip: true, smallest_crop: 0.5 };
    expect(changed(config, 3)).toEqual(changed(config, 3));
    const epochs = Array.from({ length: 8 }, (_, epoch) => String(changed(config, 3, epoch)));
    expect(new Set(epochs).size).toBeGreaterThan(2);
  });
});
