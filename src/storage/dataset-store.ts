import { type Dataset, type DatasetInfo, type ImageDataset, isStored } from '../core/datasets/dataset.ts';
import { openDatabase, storageError } from './database.ts';
import { dropOtherPixels } from './pixel-files.ts';
import { fromStoredForm, storedForm } from './stored-form.ts';

/** Keeps a data set that a person brought. @throws LabError E-QUOTA, E-STORAGE */
export async function keepDataset(dataset: Dataset): Promise<void> {
  try {
    const database = await openDatabase();
    const transaction = database.transaction(['datasets', 'dataset_infos'], 'readwrite');
    await Promise.all([
      transaction.objectStore('datasets').put(storedForm(dataset) as Dataset, dataset.info.id),
      transaction.objectStore('dataset_infos').put(dataset.info, dataset.info.id),
      transaction.done,
    ]);
    await dropOtherPixels(dataset.info.id, isStored(dataset) ? dataset.train.pixels.file.name : null);
  } catch (thrown) {
    throw storageError(thrown);
  }
}

/** A data set that was brought; null for an unknown id. @throws LabError E-STORAGE, E-DATASET when the file of its images is gone */
export async function keptDataset(id: string): Promise<Dataset | null> {
  try {
    const kept = await (await openDatabase()).get('datasets', id);
    if (!kept || kept.info.kind === 'text') return kept ?? null;
    if (isStored(kept)) return await fromStoredForm(kept);
    // Those of before there were texts do not say what they are.
    return { ...kept, info: { ...kept.info, kind: 'images' } } as ImageDataset;
  } catch (thrown) {
    throw storageError(thrown);
  }
}

/** What was brought. @throws LabError E-STORAGE */
export async function keptDatasets(): Promise<Pick<DatasetInfo, 'id' | 'title' | 'kind'>[]> {
  try {
    const infos = await (await openDatabase()).getAll('dataset_infos');
    return infos.map(({ id, title, kind }) => ({ id, title, kind: kind === 'text' ? kind : 'images' }));
  } catch (thrown) {
    throw storageError(thrown);
  }
}
