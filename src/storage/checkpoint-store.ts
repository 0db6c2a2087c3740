import type { Checkpoint, CheckpointStore } from '../core/experiment/checkpoint.ts';
import { openDatabase, storageError, type StoredCheckpoint } from './database.ts';

/** The one run that can be resumed after a reload. */
const LATEST = 'latest';

/** Keeps the latest checkpoint in IndexedDB, in the page and in workers alike. */
export const checkpointStore: CheckpointStore & {
  loadStored(): Promise<StoredCheckpoint | null>;
  remove(): Promise<void>;
} = {
  async save(checkpoint) {
    try {
      const database = await openDatabase();
      await database.put('checkpoints', { savedAt: Date.now(), checkpoint }, LATEST);
    } catch (thrown) {
      throw storageError(thrown);
    }
  },

  async load(): Promise<Checkpoint | null> {
    return (await this.loadStored())?.checkpoint ?? null;
  },

  async loadStored() {
    try {
      const database = await openDatabase();
      const stored = await database.get('checkpoints', LATEST);
      // A later version of the lab may have written it: then it is not ours to read.
      return stored && (stored.checkpoint.version as number) === 1 ? stored : null;
    } catch (thrown) {
      throw storageError(thrown);
    }
  },

  async remove() {
    try {
      const database = await openDatabase();
      await database.delete('checkpoints', LATEST);
    } catch (thrown) {
      throw storageError(thrown);
    }
  },
};
