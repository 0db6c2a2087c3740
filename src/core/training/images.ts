import { type AnyImageSplit, type ImageInfo, pixelsPerImage } from '../datasets/dataset.ts';
import { stampNormalized } from '../triggers/stamp.ts';
import type { Augment } from './augment.ts';
import type { PlannedExample } from './examples.ts';

/** Labelled images ready for a network: `images` is [count, height, width, channels], normalised; `labels` is [count]. */
export interface LabelledImages {
  count: number;
  images: Float32Array;
  labels: Int32Array;
}

/** Bytes of one image of a split by its index, [height, width, channels]. */
export type ImageOf = (index: number) => Uint8Array;

/**
 * Images of a split that are to be read: those of a file are read now, all at once.
 * @throws LabError E-DATASET, E-STORAGE when a file of pixels cannot be read
 */
export async function readImages(
  info: ImageInfo,
  split: AnyImageSplit,
  indices: readonly number[],
): Promise<ImageOf> {
  if ('images' in split) return heldImages(info, split.images);
  const { rows, pixels } = split;
  const found = await pixels.read(indices.map((index) => rows[index] ?? 0));
  return (index) => found.get(rows[index] ?? 0) ?? missing(index);
}

/** Images that are in memory, one after another. */
export function heldImages({ shape }: Pick<ImageInfo, 'shape'>, images: Uint8Array): ImageOf {
  const size = pixelsPerImage(shape);
  return (index) => images.subarray(index * size, (index + 1) * size);
}

function missing(index: number): never {
  throw new RangeError(`image ${index} was not read`);
}

/** A table from byte to normalised value for each channel: (byte / 255 - mean) / deviation. */
function normalizationTables(info: ImageInfo): Float32Array[] {
  return info.mean.map((mean, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / (info.deviation[channel] ?? 1)),
  );
}

/** Planned examples, augmented, with their triggers, normalised with the data set's mean and deviation. */
export function gatherImages(
  info: ImageInfo,
  imageOf: ImageOf,
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
      images.set(normalized(info, stampedPixels(imageOf, plannedExample, augment)), to);
      continue;
    }
    const original = imageOf(index);
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
  imageOf: ImageOf,
  { index, stamp, pixels: instead, donor }: Omit<PlannedExample, 'label'>,
  augment: Augment | null = null,
): Float32Array {
  const read = (at: number): Float32Array =>
    Float32Array.from(augment ? augment(at, imageOf(at)) : imageOf(at), (byte) => byte / 255);
  const pixels = instead?.slice() ?? read(index);
  if (stamp && 'apply' in stamp) stamp.apply(pixels, donor === undefined ? undefined : read(donor));
  return pixels;
}

function normalized({ mean, deviation }: ImageInfo, pixels: Float32Array): Float32Array {
  return pixels.map((value, at) => {
    const channel = at % mean.length;
    return (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
  });
}
