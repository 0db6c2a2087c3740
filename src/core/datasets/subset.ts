import type {
  Dataset,
  DatasetInfo,
  ImageDataset,
  ImageSplit,
  Split,
  StoredImageSplit,
  TextSplit,
} from './dataset.ts';
import { isImages, isStored, pixelsPerImage } from './dataset.ts';

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
  if (isStored(dataset)) {
    const firstRows = (split: StoredImageSplit, limit: number | null): StoredImageSplit => {
      const count = Math.min(split.count, limit ?? split.count);
      return { ...firstLabels(split, count), rows: split.rows.subarray(0, count), pixels: split.pixels };
    };
    return { ...dataset, train: firstRows(dataset.train, train), test: firstRows(dataset.test, test) };
  }
  const pixels = pixelsPerImage(dataset.info.shape);
  const first = (split: ImageSplit, limit: number | null): ImageSplit => {
    const count = Math.min(split.count, limit ?? split.count);
    return { ...firstLabels(split, count), images: split.images.subarray(0, count * pixels) };
  };
  return { ...dataset, train: first(dataset.train, train), test: first(dataset.test, test) };
}

/** What an experiment says of how much of a data set it uses. */
export interface DatasetShare {
  train_examples: number | null;
  test_examples: number | null;
  /** Words of a text that the model reads; null leaves it to the data set. */
  text_length: number | null;
}

/** What an experiment reads of a data set: its first examples, as views, and of texts the first words. */
export function datasetOfTask(dataset: Dataset, task: DatasetShare): Dataset {
  const part = subset(dataset, task.train_examples, task.test_examples);
  return isImages(part) ? part : { ...part, info: infoOfTask(part.info, task) };
}

/** What is known of a data set as an experiment reads it. */
export function infoOfTask<Info extends DatasetInfo>(
  info: Info,
  { text_length }: Pick<DatasetShare, 'text_length'>,
): Info {
  return text_length === null || info.kind === 'images' ? info : { ...info, length: text_length };
}

function firstTexts(split: TextSplit, limit: number | null): TextSplit {
  const count = Math.min(split.count, limit ?? split.count);
  return {
    ...firstLabels(split, count),
    tokens: split.tokens.subarray(0, split.offsets[count]),
    offsets: split.offsets.subarray(0, count + 1),
  };
}

function firstLabels(split: Split, count: number): Pick<ImageSplit, 'count' | 'labels' | 'attributes'> {
  const labels = split.labels.subarray(0, count);
  if (!split.attributes) return { count, labels };
  const named = Object.entries(split.attributes).map(([name, values]) => [name, values.subarray(0, count)]);
  return { count, labels, attributes: Object.fromEntries(named) as Record<string, Uint16Array> };
}

/** The examples of a split at these places, in their order; texts and images in memory are copied. */
export function pick<S extends Split>(dataset: Dataset, split: S, places: ArrayLike<number>): S;
export function pick(dataset: Dataset, split: Split, places: ArrayLike<number>): Split {
  const indices = Uint32Array.from(places);
  const take = <A extends Uint16Array | Uint32Array>(values: A): A =>
    (values instanceof Uint16Array
      ? Uint16Array.from(indices, (index) => values[index] ?? 0)
      : Uint32Array.from(indices, (index) => values[index] ?? 0)) as A;
  const common = {
    count: indices.length,
    labels: take(split.labels),
    ...(split.attributes && {
      attributes: Object.fromEntries(
        Object.entries(split.attributes).map(([name, values]) => [name, take(values)]),
      ),
    }),
  };
  if ('rows' in split) return { ...common, rows: take(split.rows), pixels: split.pixels };
  if ('tokens' in split) {
    const offsets = new Uint32Array(indices.length + 1);
    for (const [at, index] of indices.entries())
      offsets[at + 1] = (offsets[at] ?? 0) + (split.offsets[index + 1] ?? 0) - (split.offsets[index] ?? 0);
    const tokens = new Uint32Array(offsets[indices.length] ?? 0);
    for (const [at, index] of indices.entries())
      tokens.set(split.tokens.subarray(split.offsets[index], split.offsets[index + 1]), offsets[at]);
    return { ...common, tokens, offsets };
  }
  if (dataset.info.kind !== 'images') throw new TypeError('images of a set of texts');
  const size = pixelsPerImage(dataset.info.shape);
  const images = new Uint8Array(indices.length * size);
  for (const [at, index] of indices.entries())
    images.set(split.images.subarray(index * size, (index + 1) * size), at * size);
  return { ...common, images };
}
