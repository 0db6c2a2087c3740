/**
 * Where runs are kept to go on later, each under its own id: its latest checkpoint, an older one beside it, and its series
 * in pieces. Several tabs share it, and none touches another's run.
 */
import type { IDBPObjectStore } from 'idb';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { RunSeries, STEP_WIDTH } from '../core/series/runSeries.ts';
import { type LabSchema, openDatabase, type RunSummary, type SeriesPiece, storageError } from './database.ts';

/** Few enough that reading a very long run never holds up the page. */
const PIECES_AT_ONCE = 50;

export interface KeptRuns {
  /**
   * Keeps a checkpoint as the run's latest, with what was recorded since the one before, both or neither; drops the runs
   * that this one `replaces`. @throws LabError E-QUOTA, E-STORAGE, and then nothing has changed
   */
  save(
    id: string,
    checkpoint: Checkpoint,
    piece: SeriesPiece | null,
    replaces: readonly string[],
  ): Promise<void>;
  /** Keeps an older checkpoint beside the latest. @throws LabError E-QUOTA, E-STORAGE */
  saveOlder(id: string, checkpoint: Checkpoint): Promise<void>;
  /** All of them, the one kept last first. @throws LabError E-STORAGE */
  list(): Promise<RunSummary[]>;
  /** The latest checkpoint; null where there is none. @throws LabError E-STORAGE */
  load(id: string): Promise<Checkpoint | null>;
  loadOlder(id: string): Promise<Checkpoint | null>;
  /** What was recorded up to the latest checkpoint, each step once. @throws LabError E-STORAGE */
  loadSeries(id: string): Promise<RunSeries>;
  remove(id: string): Promise<void>;
}

/** Runs in IndexedDB, for the page and its workers alike. */
export const keptRuns: KeptRuns = {
  save: (id, checkpoint, piece, replaces) =>
    changing(async ({ runs, checkpoints, pieces }) => {
      for (const old of replaces) await drop(old, runs, checkpoints, pieces);
      const { config, step, epoch } = checkpoint;
      const summary = { id, savedAt: Date.now(), name: config.name, step, epoch, config };
      await checkpoints.put(checkpoint, [id, 'latest']);
      await runs.put(summary, id);
      if (!piece) return;
      const last = await pieces.openKeyCursor(piecesOf(id), 'prev');
      await pieces.put(piece, [id, (last?.key[1] ?? 0) + 1]);
    }),

  saveOlder: (id, checkpoint) => changing(({ checkpoints }) => checkpoints.put(checkpoint, [id, 'older'])),

  list: () =>
    reading(async (database) =>
      (await database.getAll('runs')).sort((one, other) => other.savedAt - one.savedAt),
    ),

  load: (id) => checkpointAt([id, 'latest']),
  loadOlder: (id) => checkpointAt([id, 'older']),

  loadSeries: (id) =>
    reading(async (database) => {
      const series = new RunSeries();
      let range = piecesOf(id);
      for (;;) {
        const { store } = database.transaction('pieces');
        const [pieces, keys] = await Promise.all([
          store.getAll(range, PIECES_AT_ONCE),
          store.getAllKeys(range, PIECES_AT_ONCE),
        ]);
        const last = keys.at(-1);
        if (last === undefined || !pieces.every((piece) => add(piece, series))) return series;
        range = IDBKeyRange.bound(last, range.upper, true);
      }
    }),

  remove: (id) => changing(({ runs, checkpoints, pieces }) => drop(id, runs, checkpoints, pieces)),
};

type Store<Name extends 'runs' | 'checkpoints' | 'pieces'> = IDBPObjectStore<
  LabSchema,
  ('runs' | 'checkpoints' | 'pieces')[],
  Name,
  'readwrite'
>;

interface Stores {
  runs: Store<'runs'>;
  checkpoints: Store<'checkpoints'>;
  pieces: Store<'pieces'>;
}

async function drop(
  id: string,
  runs: Store<'runs'>,
  checkpoints: Store<'checkpoints'>,
  pieces: Store<'pieces'>,
): Promise<void> {
  await runs.delete(id);
  await checkpoints.delete([id, 'latest']);
  await checkpoints.delete([id, 'older']);
  await pieces.delete(piecesOf(id));
}

const piecesOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Infinity]);

async function checkpointAt(key: LabSchema['checkpoints']['key']): Promise<Checkpoint | null> {
  return reading(async (database) => {
    const checkpoint = await database.get('checkpoints', key);
    // A later version of the lab may have written it: then it is not ours to read.
    return checkpoint && (checkpoint.version as number) === 1 ? checkpoint : null;
  });
}

/** False for a piece that another version of the lab wrote: it and all after it are left out. */
function add(piece: SeriesPiece, series: RunSeries): boolean {
  if (piece.width !== STEP_WIDTH) return false;
  series.rewindTo(piece.after);
  series.addRecords(piece);
  return true;
}

/** All of a change, or nothing of it. */
async function changing(change: (stores: Stores) => Promise<unknown>): Promise<void> {
  await reading(async (database) => {
    const transaction = database.transaction(['runs', 'checkpoints', 'pieces'], 'readwrite');
    const ended = transaction.done;
    ended.catch(() => undefined); // told below
    try {
      await change({
        runs: transaction.objectStore('runs'),
        checkpoints: transaction.objectStore('checkpoints'),
        pieces: transaction.objectStore('pieces'),
      });
    } catch (thrown) {
      // Where a request failed, the browser has aborted it already.
      if (transaction.error === null) transaction.abort();
      throw thrown;
    }
    await ended;
  });
}

async function reading<T>(
  access: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>,
): Promise<T> {
  try {
    return await access(await openDatabase());
  } catch (thrown) {
    throw storageError(thrown);
  }
}
