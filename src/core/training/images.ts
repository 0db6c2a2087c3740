import { type ImageInfo, type ImageSplit, pixelsPerImage } from '../datasets/dataset.ts';
import { stampNormalized } from '../triggers/stamp.ts';
import type { Augment } from './augment.ts';
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

/** Reads planned examples of a split, augmented, with their triggers, normalised with the data set's mean and deviation. */
export function gatherImages(
  info: ImageInfo,
  split: ImageSplit,
  planned: readonly PlannedExample[],
  augment: Augment | null = null,
): LabelledImages {
  const size = pixelsPerImage(info.shape);
  const { channels } = info.shape;
  const tables = normalizationTables(info);
  const images = new Float32Array(planned.length * size);
  const labels = new Int32Array(planned.length);
  for (const [example, plannedExample] of planned.entries()) {
    const { index, stamp, label, pixels } = plannedExample;
    labels[example] = label;
    const to = example * size;
    const drawn = stamp && 'apply' in stamp ? stamp : null;
    if (pixels || (drawn && !drawn.placed)) {
      images.set(normalized(info, stampedPixels(info, split, plannedExample, augment)), to);
      continue;
    }
    const original = split.images.subarray(index * size, (index + 1) * size);
    const bytes = augment ? augment(index, original) : original;
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel];
      if (!table) continue;
      for (let pixel = channel; pixel < size; pixel += channels) {
        images[to + pixel] = table[bytes[pixel] ?? 0] ?? 0;
      }
    }
    // A picture at a place is laid over the normalised image, which is exact where it replaces a pixel.
    if (drawn?.placed) stampNormalized(images, example, info.shape, drawn.placed, info.mean, info.deviation);
  }
  return { count: planned.length, images, labels };
}

/** Pixels of one example in [0, 1], [height, width, channels], with its trigger. */
export function stampedPixels(
  { shape }: ImageInfo,
  split: ImageSplit,
  { index, stamp, pixels: instead }: Omit<PlannedExample, 'label'>,
  augment: Augment | null = null,
): Float32Array {
  const size = pixelsPerImage(shape);
  const original = split.images.subarray(index * size, (index + 1) * size);
  const pixels =
    instead?.slice() ??
    Float32Array.from(augment ? augment(index, original) : original, (byte) => byte / 255);
  if (stamp && 'apply' in stamp) stamp.apply(pixels);
  return pixels;
}

function normalized({ mean, deviation }: ImageInfo, pixels: Float32Array): Float32Array {
  return pixels.map((value, at) => {
    const channel = at % mean.length;
    return (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
  });
}
