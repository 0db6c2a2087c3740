/** Small random changes of training images that do not change their class. */
import type { ExperimentConfig } from '../config/schema.ts';
import { type ImageShape, pixelsPerImage } from '../datasets/dataset.ts';
import { resize } from '../pictures/resample.ts';
import { type Random, randomStream } from '../rng/random.ts';

export type AugmentationConfig = ExperimentConfig['training']['augmentation'];

/** Changes one image: bytes [height, width, channels] in, as many bytes out. */
export type Augment = (index: number, bytes: Uint8Array) => Uint8Array;

/**
 * The augmentation of one epoch; null when nothing is to be changed. What is drawn for an example depends on the seed,
 * the epoch and the example alone, so that a poisoned copy of a batch is changed as the batch itself.
 */
export function augmentation(
  config: AugmentationConfig,
  shape: ImageShape,
  seed: number,
  epoch: number,
): Augment | null {
  const { crop_padding: padding, flip, smallest_crop: smallest } = config;
  if (padding === 0 && !flip && smallest === 1) return null;
  return (index, bytes) => {
    const random = randomStream(seed, 'augment', epoch, index);
    const zoomed = smallest < 1 ? resizedCrop(bytes, shape, smallest, random) : bytes;
    const down = padding > 0 ? random.int(-padding, padding) : 0;
    const across = padding > 0 ? random.int(-padding, padding) : 0;
    return shifted(zoomed, shape, down, across, flip && random.next() < 0.5);
  };
}

/** Crop of the same size from an image with a black border (torchvision's RandomCrop with padding), then a mirror. */
function shifted(
  bytes: Uint8Array,
  { height, width, channels }: ImageShape,
  down: number,
  across: number,
  mirrored: boolean,
): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let row = 0; row < height; row++) {
    const fromRow = row + down;
    if (fromRow < 0 || fromRow >= height) continue;
    for (let column = 0; column < width; column++) {
      const fromColumn = (mirrored ? width - 1 - column : column) + across;
      if (fromColumn < 0 || fromColumn >= width) continue;
      const from = (fromRow * width + fromColumn) * channels;
      const to = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel++) out[to + channel] = bytes[from + channel] ?? 0;
    }
  }
  return out;
}

/**
 * A part of the image at its full size: its area is uniform between `smallest` and 1, its proportions are log-uniform
 * between 3:4 and 4:3 (torchvision's RandomResizedCrop; Szegedy et al., Going Deeper with Convolutions, 2015, section 6).
 */
function resizedCrop(bytes: Uint8Array, shape: ImageShape, smallest: number, random: Random): Uint8Array {
  const { height, width, channels } = shape;
  const area = random.uniform(smallest, 1) * height * width;
  const proportion = Math.exp(random.uniform(Math.log(3 / 4), Math.log(4 / 3)));
  const wide = Math.min(width, Math.max(1, Math.round(Math.sqrt(area * proportion))));
  const tall = Math.min(height, Math.max(1, Math.round(Math.sqrt(area / proportion))));
  const [top, left] = [random.int(0, height - tall), random.int(0, width - wide)];
  const values = new Float32Array(tall * wide * channels);
  for (let row = 0; row < tall; row++) {
    const from = ((top + row) * width + left) * channels;
    values.set(bytes.subarray(from, from + wide * channels), row * wide * channels);
  }
  const grown = resize({ height: tall, width: wide, channels, values }, height, width);
  const out = new Uint8Array(pixelsPerImage(shape));
  for (const [at, value] of grown.values.entries()) out[at] = Math.round(value);
  return out;
}
