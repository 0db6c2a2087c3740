import type { Dataset, ImageSplit } from './dataset.ts';
import { pixelsPerImage } from './dataset.ts';

/**
 * The first `train` training and `test` test examples, as views; null, or more than there are, keeps all.
 * @param train examples, 1 or more, or null
 * @param test examples, 1 or more, or null
 */
export function subset({ info, ...dataset }: Dataset, train: number | null, test: number | null): Dataset {
  const pixels = pixelsPerImage(info.shape);
  const first = (split: ImageSplit, limit: number | null): ImageSplit => {
    const count = Math.min(split.count, limit ?? split.count);
    return {
      count,
      images: split.images.subarray(0, count * pixels),
      labels: split.labels.subarray(0, count),
    };
  };
  return { info, train: first(dataset.train, train), test: first(dataset.test, test) };
}
