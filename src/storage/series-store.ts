import { RunSeries } from '../core/series/runSeries.ts';
import { openDatabase, type SeriesPiece, storageError } from './database.ts';

/** Few enough that reading a very long run never holds up the page. */
const PIECES_AT_ONCE = 50;

/** Where the series of one run is kept, a piece at each checkpoint. */
export interface SeriesStore {
  append(piece: SeriesPiece): Promise<void>;
  /** What was recorded, each step once; empty when nothing was. */
  load(): Promise<RunSeries>;
  clear(): Promise<void>;
}

/** Keeps the series of the latest run in IndexedDB. */
export const seriesStore: SeriesStore = {
  async append(piece) {
    await guarded(async () => {
      const database = await openDatabase();
      await database.add('series', piece);
    });
  },

  load: () =>
    guarded(async () => {
      const database = await openDatabase();
      const series = new RunSeries();
      let range: IDBKeyRange | null = null;
      for (;;) {
        const { store } = database.transaction('series');
        const [pieces, keys] = await Promise.all([
          store.getAll(range, PIECES_AT_ONCE),
          store.getAllKeys(range, PIECES_AT_ONCE),
        ]);
        const last = keys.at(-1);
        if (last === undefined || !pieces.every((piece) => add(piece, series))) return series;
        range = IDBKeyRange.lowerBound(last, true);
      }
    }),

  async clear() {
    await guarded(async () => {
      const database = await openDatabase();
      await database.clear('series');
    });
  },
};

/** False for a piece that another version of the lab wrote: it and all after it are left out. */
function add(piece: SeriesPiece, series: RunSeries): boolean {
  if (piece.width !== series.steps.columns.length) return false;
  series.rewindTo(piece.after);
  series.addRecords(piece);
  return true;
}

async function guarded<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    throw storageError(thrown);
  }
}
