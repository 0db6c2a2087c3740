/** What a run reads besides its experiment: data sets and the shipped models. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { missingDataset } from '../core/datasets/brought.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import { loadDataset } from '../core/datasets/load.ts';
import { multiMnist } from '../core/datasets/multimnist.ts';
import { MULTIMNIST, MULTIMNIST_BASE } from '../core/datasets/multimnist-id.ts';
import { REMOTE_DATASETS, type RemoteDataset } from '../core/datasets/remote.ts';
import type { ReadFile } from '../core/datasets/read-file.ts';
import { cancelledError, LabError } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { grouped } from '../core/formats/bytes.ts';
import { weightsFromSafetensors } from '../core/formats/model-safetensors.ts';
import { readInput, statIfThere, systemReason } from './files.ts';
import { keptOnDisk } from './kept-datasets.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Where `scripts/prepare-data.mjs` puts the lab's own data sets. */
export const PREPARED_DATA = path.join(ROOT, 'public/data');

/** Reads files below a folder, one at a time for each name asked. Throws E-DATASET-FETCH when one is missing. */
export function folderReader(folder: string): ReadFile {
  return async (name, { signal, onBytes } = {}) => {
    const file = path.join(folder, name);
    try {
      const bytes = new Uint8Array(await readFile(file, signal === undefined ? {} : { signal }));
      onBytes?.(bytes.length);
      return bytes;
    } catch (cause) {
      if (signal?.aborted === true) throw cancelledError();
      throw new LabError(
        {
          code: 'E-DATASET-FETCH',
          what: `${file} cannot be read.`,
          why: systemReason(cause),
          fix: 'Check task.dataset and --data; `node scripts/prepare-data.mjs` prepares the data sets of the lab.',
          where: file,
        },
        { cause },
      );
    }
  };
}

/**
 * A data set of the folder; one that was added or fetched (`lab data`); or one that is made from another.
 * @throws LabError E-DATASET, E-DATASET-FETCH, E-CANCELLED
 */
export async function loadFromFolder(
  folder: string,
  id: string,
  onProgress: (doneBytes: number, totalBytes: number) => void,
  signal: AbortSignal,
): Promise<Dataset> {
  const options = { read: folderReader(folder), onProgress, signal };
  if (id === MULTIMNIST) return multiMnist(await loadDataset(MULTIMNIST_BASE, options));
  if (!(await statIfThere(path.join(folder, id, 'manifest.json')))) {
    const kept = await keptOnDisk(id);
    if (kept) return kept;
    if (id.startsWith('custom-')) throw missingDataset(id, 'terminal');
    const remote = REMOTE_DATASETS.find((one) => one.id === id);
    if (remote) throw notFetched(remote);
  }
  return loadDataset(id, options);
}

function notFetched({ id, title, home, files }: RemoteDataset): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${title} is not here yet.`,
    why: 'The lab fetches data sets only when it is told to.',
    fix: `Fetch it: lab data fetch ${id} (${grouped(Math.round(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6))} MB, ${home}).`,
    where: 'task.dataset',
  });
}

/** The clean model that ships with the lab. @throws LabError E-MODEL when there is none for the data set */
export async function loadShippedModel(model: string, dataset: string): Promise<ModelWeights> {
  const file = path.join(ROOT, 'public/models', `${model}-${dataset}.safetensors`);
  const bytes = await readInput(file, `A pretrained ${model} for ${dataset}`, 'E-MODEL');
  return weightsFromSafetensors(bytes, { file });
}
