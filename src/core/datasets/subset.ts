import type { Dataset, ImageDataset, ImageSplit, TextSplit } from './dataset.ts';
import { isImages, pixelsPerImage } from './dataset.ts';

/**
 * The first `train` training and `test` test examples, as views; null, or more than there are, keeps all.
 * @param train examples, 1 or more, or null
 * @param test examples, 1 or more, or null
 */
export function subset(dataset: ImageDataset, train: number | null, test: number | null): ImageDataset;
export function subset(dataset: Dataset, train: number | null, test: number | null): Dataset;
export function subset(dataset: Dataset, train: number | null, test: number | null): Dataset {
  if (!isImages(dataset)) {
    return { ...dataset, train: firstTexts(dataset.train, train), test: firstTexts(dataset.test, test) };
  }
  const pixels = pixelsPerImage(dataset.info.shape);
  const first = (split: ImageSplit, limit: number | null): ImageSplit => {
    const count = Math.min(split.count, limit ?? split.count);
    return { ...firstLabels(split, count), images: split.images.subarray(0, count * pixels) };
  };
  return { ...dataset, train: first(dataset.train, train), test: first(dataset.test, test) };
}

function firstTexts(split: TextSplit, limit: number | null): TextSplit {
  const count = Math.min(split.count, limit ?? split.count);
  return {
    ...firstLabels(split, count),
    tokens: split.tokens.subarray(0, split.offsets[count]),
    offsets: split.offsets.subarray(0, count + 1),
  };
}

function firstLabels(
  split: ImageSplit | TextSplit,
  count: number,
): Pick<ImageSplit, 'count' | 'labels' | 'attributes'> {
  const labels = split.labels.subarray(0, count);
  if (!split.attributes) return { count, labels };
  const named = Object.entries(split.attributes).map(([name, values]) => [name, values.subarray(0, count)]);
  return { count, labels, attributes: Object.fromEntries(named) as Record<string, Uint16Array> };
}
