/**
 * The lab's database in the browser: runs that can go on, and data sets that people brought.
 * One origin may host several projects (GitHub Pages), so the name carries the lab's, and nothing else is touched.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { ExperimentConfig } from '../core/config/schema.ts';
import type { Dataset, DatasetInfo } from '../core/datasets/dataset.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { RunRecords } from '../core/series/runSeries.ts';
import { takeOneRun } from './take-one-run.ts';

const DATABASE = 'backdoor-lab';
const VERSION = 3;

/** What a list needs of a run, without its arrays. */
export interface RunSummary {
  id: string;
  savedAt: number;
  name: string;
  step: number;
  epoch: number;
  config: ExperimentConfig;
}

/** What a run recorded between two checkpoints. */
export interface SeriesPiece extends RunRecords {
  /** Numbers in the row of a step, to refuse what another version of the lab wrote. */
  width: number;
  /** What earlier pieces hold of later steps counts no longer: the run went back to this one. */
  after: number;
}

export interface LabSchema extends DBSchema {
  /** By the run's id, as in the two below. */
  runs: { key: string; value: RunSummary };
  checkpoints: { key: [run: string, which: 'latest' | 'older']; value: Checkpoint };
  /** The series of a run in pieces, numbered from 1. */
  pieces: { key: [run: string, number: number]; value: SeriesPiece };
  datasets: { key: string; value: Dataset };
  /** What lists need of each data set, without its images or texts. */
  dataset_infos: { key: string; value: DatasetInfo };
}

let opened: Promise<IDBPDatabase<LabSchema>> | null = null;

/** @throws LabError E-STORAGE where there is no database (a private window, blocked storage) */
export function openDatabase(): Promise<IDBPDatabase<LabSchema>> {
  opened ??= open().catch((thrown: unknown) => {
    opened = null;
    throw storageError(thrown);
  });
  return opened;
}

async function open(): Promise<IDBPDatabase<LabSchema>> {
  let refuse: (error: LabError) => void = () => undefined;
  const blocked = new Promise<never>((_, reject) => (refuse = reject));
  const opening = openDB<LabSchema>(DATABASE, VERSION, {
    upgrade: (database, oldVersion, _newVersion, transaction) => {
      // Numbered migrations: each brings the version before it to the next.
      if (oldVersion < 1) {
        database.createObjectStore('checkpoints');
        database.createObjectStore('datasets');
        database.createObjectStore('dataset_infos');
      }
      if (oldVersion < 3) {
        database.createObjectStore('runs');
        database.createObjectStore('pieces');
        // The change of version waits for what is asked of its transaction.
        void takeOneRun(transaction as unknown as IDBPTransaction<unknown, string[], 'versionchange'>);
      }
    },
    blocked() {
      refuse(
        new LabError({
          code: 'E-STORAGE',
          what: 'The browser’s storage is held by another tab.',
          why: 'It shows an older version of the lab, which stores in another form.',
          fix: 'Close or reload the other tabs of the lab, then reload this one.',
        }),
      );
    },
    // A newer version of the lab in another tab wants to open it: this one gives way.
    blocking() {
      void opened?.then((database) => database.close());
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  return Promise.race([opening, blocked]);
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
