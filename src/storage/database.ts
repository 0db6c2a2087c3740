/**
 * The lab's database in the browser: the latest checkpoint of each kind, and data sets that people brought.
 * One origin may host several projects (GitHub Pages), so the name carries the lab's, and nothing else is touched.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Dataset, DatasetInfo } from '../core/datasets/dataset.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';

const DATABASE = 'backdoor-lab';
const VERSION = 1;

/** A checkpoint with what a list needs without reading the arrays. */
export interface StoredCheckpoint {
  savedAt: number;
  checkpoint: Checkpoint;
}

export interface LabSchema extends DBSchema {
  checkpoints: { key: string; value: StoredCheckpoint };
  datasets: { key: string; value: Dataset };
  /** What lists need of each data set, without its images. */
  dataset_infos: { key: string; value: DatasetInfo };
}

let opened: Promise<IDBPDatabase<LabSchema>> | null = null;

/** @throws LabError E-STORAGE where there is no database (a private window, blocked storage) */
export function openDatabase(): Promise<IDBPDatabase<LabSchema>> {
  opened ??= openDB<LabSchema>(DATABASE, VERSION, {
    upgrade(database, oldVersion) {
      // Numbered migrations: each brings the version before it to the next.
      if (oldVersion < 1) {
        database.createObjectStore('checkpoints');
        database.createObjectStore('datasets');
        database.createObjectStore('dataset_infos');
      }
    },
    terminated() {
      opened = null;
    },
  }).catch((thrown: unknown) => {
    opened = null;
    throw storageError(thrown);
  });
  return opened;
}

/** A failed read or write as a coded error: full storage apart from everything else. */
export function storageError(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  const { name, message } = thrown instanceof Error ? thrown : { name: '', message: String(thrown) };
  if (name === 'QuotaExceededError') {
    return new LabError(
      {
        code: 'E-QUOTA',
        what: 'The browser’s storage for this page is full.',
        why: 'It keeps checkpoints and the data sets that you brought.',
        fix: 'Free disk space or remove other sites’ data; until then the run goes on, and you can export the model.',
      },
      { cause: thrown },
    );
  }
  return new LabError(
    {
      code: 'E-STORAGE',
      what: 'The browser’s storage cannot be used.',
      why: message,
      fix: 'The lab works without it, but nothing survives a reload: export what you want to keep.',
    },
    { cause: thrown },
  );
}
