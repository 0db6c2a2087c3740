import type { ImageShape, ImageSplit } from './dataset.ts';
import { pixelsPerImage } from './dataset.ts';

export interface ChannelStatistics {
  /** Of each channel, pixels in [0, 1]. */
  mean: number[];
  deviation: number[];
}

/**
 * Mean and standard deviation of each channel over all pixels of a split, pixels in [0, 1].
 * Counted exactly over the 256 grey values. A channel that never varies has deviation 1, so that it can be divided by.
 */
export function channelStatistics(split: ImageSplit, shape: ImageShape): ChannelStatistics {
  const counts = new PixelCounts(shape.channels);
  counts.add(split.images.subarray(0, split.count * pixelsPerImage(shape)));
  return counts.statistics();
}

/** How often each value comes in each channel: the same statistics, however many pieces the images come in. */
export class PixelCounts {
  private readonly histogram: Float64Array;

  constructor(private readonly channels: 1 | 3) {
    this.histogram = new Float64Array(channels * 256);
  }

  /** @param bytes whole pixels, their channels side by side */
  add(bytes: Uint8Array): void {
    const { histogram, channels } = this;
    for (let at = 0; at < bytes.length; at++) {
      const bin = (at % channels) * 256 + (bytes[at] ?? 0);
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
  }

  statistics(): ChannelStatistics {
    const mean: number[] = [];
    const deviation: number[] = [];
    for (let channel = 0; channel < this.channels; channel++) {
      const counts = this.histogram.subarray(channel * 256, channel * 256 + 256);
      const n = counts.reduce((sum, count) => sum + count, 0);
      const average = counts.reduce((sum, count, value) => sum + count * (value / 255), 0) / n;
      const variance =
        counts.reduce((sum, count, value) => sum + count * (value / 255 - average) ** 2, 0) / n;
      mean.push(average);
      deviation.push(variance > 0 ? Math.sqrt(variance) : 1);
    }
    return { mean, deviation };
  }
}
