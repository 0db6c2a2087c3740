/** Training images to look at and pick from, a page at a time or by their numbers. */
import { type Dataset, type ImageShape, isImages } from '../datasets/dataset.ts';
import { LabError } from '../errors.ts';
import { readImages } from './images.ts';

/** Images by their numbers, or a page of those of a class. */
export type BrowseWish =
  | { indices: readonly number[] }
  /** `from` counts among those of the class, from 0; null is any class. */
  | { label: number | null; from: number; count: number };

export interface BrowsedImage {
  /** In the training set. */
  index: number;
  label: number;
  /** [height, width, channels], 0 to 255. */
  pixels: Uint8Array;
}

export interface BrowsedImages {
  shape: ImageShape;
  classes: string[];
  /** Images that the page is one of. */
  matched: number;
  images: BrowsedImage[];
}

/**
 * Numbers that the training set does not have are left out.
 * @throws LabError E-DATASET for texts; E-STORAGE when images that stay in a file cannot be read
 */
export async function browseImages(dataset: Dataset, wish: BrowseWish): Promise<BrowsedImages> {
  if (!isImages(dataset)) {
    throw new LabError({
      code: 'E-DATASET',
      what: `${dataset.info.title} holds texts.`,
      why: 'Only images can be picked by looking at them.',
      fix: 'Name the texts by their numbers, or choose a data set of images.',
      where: 'task.dataset',
    });
  }
  const { info, train } = dataset;
  const matching = 'indices' in wish ? wish.indices.filter((index) => index < train.count) : ofClass(wish);
  const shown = 'indices' in wish ? matching : matching.slice(wish.from, wish.from + wish.count);
  const imageOf = await readImages(info, train, shown);
  return {
    shape: info.shape,
    classes: info.classes,
    matched: matching.length,
    images: shown.map((index) => ({
      index,
      label: train.labels[index] ?? 0,
      pixels: imageOf(index).slice(),
    })),
  };

  function ofClass({ label }: Extract<BrowseWish, { from: number }>): number[] {
    const all = Array.from({ length: train.count }, (_, index) => index);
    return label === null ? all : all.filter((index) => train.labels[index] === label);
  }
}
