/** Images as networks take them, normalised, and as pixels in [0, 1]. */
import type { ImageInfo } from '../../../core/datasets/dataset.ts';

export type Scale = Pick<ImageInfo, 'mean' | 'deviation'>;

/** Pixels in [0, 1] of normalised images, channels last; a value beyond the range is cut. */
export function pixelsOf(images: Float32Array, { mean, deviation }: Scale): Float32Array {
  const channels = mean.length;
  return images.map((value, at) =>
    Math.min(1, Math.max(0, value * (deviation[at % channels] ?? 1) + (mean[at % channels] ?? 0))),
  );
}

export function normalizedOf(pixels: Float32Array, { mean, deviation }: Scale): Float32Array {
  const channels = mean.length;
  return pixels.map((value, at) => (value - (mean[at % channels] ?? 0)) / (deviation[at % channels] ?? 1));
}

/** Bytes of pixels in [0, 1], for evidence. */
export function bytesOf(pixels: Float32Array): Uint8Array {
  return Uint8Array.from(pixels, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
}
