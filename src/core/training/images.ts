import { type ImageInfo, type ImageSplit, pixelsPerImage } from '../datasets/dataset.ts';

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

/** Reads the examples at `indices` of a split, normalised with the data set's mean and deviation. */
export function gatherImages(info: ImageInfo, split: ImageSplit, indices: ArrayLike<number>): LabelledImages {
  const size = pixelsPerImage(info.shape);
  const { channels } = info.shape;
  const tables = normalizationTables(info);
  const images = new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  for (let example = 0; example < indices.length; example++) {
    const index = indices[example] ?? 0;
    labels[example] = split.labels[index] ?? 0;
    const from = index * size;
    const to = example * size;
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel];
      if (!table) continue;
      for (let pixel = channel; pixel < size; pixel += channels) {
        images[to + pixel] = table[split.images[from + pixel] ?? 0] ?? 0;
      }
    }
  }
  return { count: indices.length, images, labels };
}

/** The first `count` examples, sharing memory where that is possible. */
export function firstExamples(batch: LabelledImages, count: number): LabelledImages {
  if (count >= batch.count) return batch;
  const size = batch.images.length / batch.count;
  return { count, images: batch.images.subarray(0, count * size), labels: batch.labels.subarray(0, count) };
}
