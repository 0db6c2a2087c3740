import { type Dataset, isImages } from '../datasets/dataset.ts';
import type { Augment } from './augment.ts';
import type { PlannedExample } from './examples.ts';
import { gatherImages, type LabelledImages } from './images.ts';
import { gatherTexts } from './texts.ts';

/**
 * Planned examples of a split as a network takes them: images normalised, [count, height, width, channels], or texts as
 * the numbers of their words, [count, length].
 */
export function gather(
  dataset: Dataset,
  split: 'train' | 'test',
  planned: readonly PlannedExample[],
  augment: Augment | null = null,
): LabelledImages {
  return isImages(dataset)
    ? gatherImages(dataset.info, dataset[split], planned, augment)
    : gatherTexts(dataset, dataset[split], planned);
}
