import { type ImageInfo, type ImageSplit, pixelsPerImage } from '../datasets/dataset.ts';
import type { Stamp } from '../synthesizers/synthesizer.ts';
import { stampNormalized } from '../triggers/stamp.ts';
import type { PlannedExample } from './examples.ts';

/** Labelled images ready for a network: `images` is [count, height, width, channels], normalised; `labels` is [count]. */
export interface LabelledImages {
  count: number;
  images: Float32Array;
  labels: Int32Array;
}

/** A table from byte to normalised value for each channel: (byte / 255 - mean) / deviation. */
function normalizationTables(info: ImageInfo): Float32Array[] {
  return info.mean.map((mean, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / (info.deviation[channel] ?? 1)),
  );
}

/** Reads planned examples of a split, with their triggers, normalised with the data set's mean and deviation. */
export function gatherImages(
  info: ImageInfo,
  split: ImageSplit,
  planned: readonly PlannedExample[],
): LabelledImages {
  const size = pixelsPerImage(info.shape);
  const { channels } = info.shape;
  const tables = normalizationTables(info);
  const images = new Float32Array(planned.length * size);
  const labels = new Int32Array(planned.length);
  for (const [example, { index, stamp, label }] of planned.entries()) {
    labels[example] = label;
    const to = example * size;
    if (stamp && !stamp.placed) {
      images.set(normalized(info, stampedPixels(info, split, index, stamp)), to);
      continue;
    }
    const from = index * size;
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel];
      if (!table) continue;
      for (let pixel = channel; pixel < size; pixel += channels) {
        images[to + pixel] = table[split.images[from + pixel] ?? 0] ?? 0;
      }
    }
    // A picture at a place is laid over the normalised image, which is exact where it replaces a pixel.
    if (stamp?.placed) stampNormalized(images, example, info.shape, stamp.placed, info.mean, info.deviation);
  }
  return { count: planned.length, images, labels };
}

/** Pixels of one example in [0, 1], [height, width, channels], with its trigger. */
export function stampedPixels(
  { shape }: ImageInfo,
  split: ImageSplit,
  index: number,
  stamp: Stamp | null,
): Float32Array {
  const size = pixelsPerImage(shape);
  const pixels = Float32Array.from(
    split.images.subarray(index * size, (index + 1) * size),
    (byte) => byte / 255,
  );
  stamp?.apply(pixels);
  return pixels;
}

function normalized({ mean, deviation }: ImageInfo, pixels: Float32Array): Float32Array {
  return pixels.map((value, at) => {
    const channel = at % mean.length;
    return (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
  });
}
