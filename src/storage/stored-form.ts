/** A data set whose images stay in a file, as it is put into the database: with the file's name. */
import type { Dataset, StoredImageDataset, StoredImageSplit } from '../core/datasets/dataset.ts';
import { StoredPixels } from '../core/datasets/stored-pixels.ts';
import { openPixels } from './pixel-files.ts';

interface NamedPixels {
  name: string;
  rowBytes: number;
}

/** What is put: anything but a data set in a file is put as it is. */
export function storedForm(dataset: Dataset): unknown {
  if (!('rows' in dataset.train)) return dataset;
  const named = (split: StoredImageSplit) => {
    const { file, rowBytes } = split.pixels;
    return { ...split, pixels: { name: file.name, rowBytes } satisfies NamedPixels };
  };
  const { train, test } = dataset as StoredImageDataset;
  return { ...dataset, train: named(train), test: named(test) };
}

/** The data set again. @throws LabError E-DATASET when its file is gone or another, E-STORAGE */
export async function fromStoredForm(kept: Dataset): Promise<Dataset> {
  if (!('rows' in kept.train)) return kept;
  const { train, test, ...rest } = kept as StoredImageDataset;
  const { name, rowBytes } = train.pixels as unknown as NamedPixels;
  const pixels = new StoredPixels(await openPixels(name), rowBytes);
  return { ...rest, train: { ...train, pixels }, test: { ...test, pixels } };
}
