import { type Dataset, isImages } from '../datasets/dataset.ts';
import type { Augment } from './augment.ts';
import { indicesOf, type PlannedExample } from './examples.ts';
import { gatherImages, type LabelledImages, readImages } from './images.ts';
import { gatherTexts } from './texts.ts';

/**
 * Planned examples of a split as a network takes them: images normalised, [count, height, width, channels], or texts as
 * the numbers of their words, [count, length].
 * @throws LabError E-DATASET, E-STORAGE when images that stay in a file cannot be read
 */
export async function gather(
  dataset: Dataset,
  split: 'train' | 'test',
  planned: readonly PlannedExample[],
  augment: Augment | null = null,
): Promise<LabelledImages> {
  if (!isImages(dataset)) return gatherTexts(dataset, dataset[split], planned);
  const imageOf = await readImages(dataset.info, dataset[split], indicesOf(planned));
  return gatherImages(dataset.info, imageOf, planned, augment);
}
