import { RunSeries } from '../core/series/runSeries.ts';
import { openDatabase, type SeriesPiece, storageError } from './database.ts';

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
      return assemble(await database.getAll('series'));
    }),

  async clear() {
    await guarded(async () => {
      const database = await openDatabase();
      await database.clear('series');
    });
  },
};

/** The series that the pieces make up; a piece that another version of the lab wrote, and all after it, are left out. */
function assemble(pieces: readonly SeriesPiece[]): RunSeries {
  const series = new RunSeries();
  for (const piece of pieces) {
    if (piece.width !== series.steps.columns.length) break;
    series.rewindTo(piece.after);
    series.addRecords(piece);
  }
  return series;
}

async function guarded<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (thrown) {
    throw storageError(thrown);
  }
}
