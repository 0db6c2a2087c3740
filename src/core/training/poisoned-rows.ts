import { type Dataset, type ImageShape, isImages } from '../datasets/dataset.ts';
import type { MarkedText } from '../text/text-stamp.ts';
import { readImages, stampedPixels } from './images.ts';
import { indicesOf } from './examples.ts';
import type { PoisonedRow } from './poisoned-set.ts';
import { markedText } from './texts.ts';

/** What a row shows: an image before and after, bytes of [height, width, channels], or a text with its trigger marked. */
export type RowContents =
  | { shape: ImageShape; original: Uint8Array; shown: Uint8Array }
  | { text: MarkedText };

/**
 * What rows of a poisoned training set show, in their order. Pixels are rounded to bytes, while training takes them as
 * they are; augmentation comes later, anew in each epoch.
 * @throws LabError E-DATASET, E-STORAGE when images that stay in a file cannot be read
 */
export async function contentsOf(dataset: Dataset, rows: readonly PoisonedRow[]): Promise<RowContents[]> {
  if (!isImages(dataset)) return rows.map(({ plan }) => ({ text: markedText(dataset, dataset.train, plan) }));
  const { info, train } = dataset;
  const imageOf = await readImages(info, train, indicesOf(rows.map(({ plan }) => plan)));
  return rows.map(({ plan }) => {
    const original = imageOf(plan.index).slice();
    const isAsItWas = plan.stamp === null && !plan.pixels;
    const shown = isAsItWas
      ? original
      : Uint8Array.from(stampedPixels(imageOf, plan), (value) => Math.round(value * 255));
    return { shape: info.shape, original, shown };
  });
}
