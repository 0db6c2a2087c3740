/**
 * The matrix of attacks and defenses that the page fills, in a small database of its own, so that a sweep goes on where it
 * stopped. Each cell is kept as it is done.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { MatrixCell } from '../core/defenses/matrix.ts';
import { storageError } from './database.ts';

const DATABASE = 'backdoor-lab-matrix';

interface MatrixSchema extends DBSchema {
  cells: { key: [sweep: string, attack: string, defense: string, seed: number]; value: MatrixCell };
}

/** What a sweep needs of storage. */
export interface KeptMatrix {
  /** Cells of a sweep. @throws LabError E-STORAGE */
  load: (sweep: string) => Promise<MatrixCell[]>;
  /** @throws LabError E-QUOTA, E-STORAGE */
  save: (sweep: string, cell: MatrixCell) => Promise<void>;
  clear: (sweep: string) => Promise<void>;
}

const open = (): Promise<IDBPDatabase<MatrixSchema>> =>
  openDB<MatrixSchema>(DATABASE, 1, {
    upgrade: (database) => {
      database.createObjectStore('cells');
    },
  });

const all = (sweep: string): IDBKeyRange => IDBKeyRange.bound([sweep], [sweep, []]);

async function using<T>(access: (database: IDBPDatabase<MatrixSchema>) => Promise<T>): Promise<T> {
  try {
    const database = await open();
    try {
      return await access(database);
    } finally {
      database.close();
    }
  } catch (thrown) {
    throw storageError(thrown);
  }
}

export const keptMatrix: KeptMatrix = {
  load: (sweep) => using((database) => database.getAll('cells', all(sweep))),
  save: (sweep, cell) =>
    using(async (database) => {
      await database.put('cells', cell, [sweep, cell.attack, cell.defense, cell.seed]);
    }),
  clear: (sweep) => using((database) => database.delete('cells', all(sweep))),
};
