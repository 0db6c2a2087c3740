/** A data set of the lab, fetched in a stream, or one that was brought, with its first examples for previews. */
import type { Dataset } from '../core/datasets/dataset.ts';
import { MULTIMNIST } from '../core/datasets/multimnist-id.ts';
import type { ReadFile } from '../core/datasets/read-file.ts';
import type { LoadTools } from './dataset-shelf.ts';
import { loadShipped } from './load-shipped.ts';

/** @throws LabError E-DATASET, E-DATASET-FETCH, E-STORAGE, E-CANCELLED */
export async function loadAny(id: string, readData: ReadFile, tools: LoadTools): Promise<Dataset> {
  const brought = id.startsWith('custom-');
  if (!brought && id !== MULTIMNIST) return loadShipped(id, readData, tools);
  const { loadBrought, loadMultiMnist } = await import('./load-kept.ts');
  return brought ? loadBrought(id, tools) : loadMultiMnist(readData, tools);
}
