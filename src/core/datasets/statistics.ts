import type { ImageShape, ImageSplit } from './dataset.ts';
import { pixelsPerImage } from './dataset.ts';

/**
 * Mean and standard deviation of each channel over all pixels of a split, pixels in [0, 1].
 * Counted exactly over the 256 grey values. A channel that never varies has deviation 1, so that it can be divided by.
 */
export function channelStatistics(
  split: ImageSplit,
  shape: ImageShape,
): { mean: number[]; deviation: number[] } {
  const { channels } = shape;
  const histogram = new Float64Array(channels * 256);
  const end = split.count * pixelsPerImage(shape);
  for (let at = 0; at < end; at++) {
    const bin = (at % channels) * 256 + (split.images[at] ?? 0);
    histogram[bin] = (histogram[bin] ?? 0) + 1;
  }
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const counts = histogram.subarray(channel * 256, channel * 256 + 256);
    const n = counts.reduce((sum, count) => sum + count, 0);
    const average = counts.reduce((sum, count, value) => sum + count * (value / 255), 0) / n;
    const variance = counts.reduce((sum, count, value) => sum + count * (value / 255 - average) ** 2, 0) / n;
    mean.push(average);
    deviation.push(variance > 0 ? Math.sqrt(variance) : 1);
  }
  return { mean, deviation };
}
