import type { Checkpoint, CheckpointStore } from '../core/experiment/checkpoint.ts';
import { openDatabase, storageError, type StoredCheckpoint } from './database.ts';

/** The one run that can be resumed after a reload. */
const LATEST = 'latest';
/** An older one beside it, for a run whose latest cannot be saved. */
const OLDER = 'older';

/** Keeps the latest checkpoint, and an older one, in IndexedDB, in the page and in workers alike. */
export const checkpointStore: CheckpointStore & {
  loadStored(): Promise<StoredCheckpoint | null>;
  saveOlder(checkpoint: Checkpoint): Promise<void>;
  loadOlder(): Promise<Checkpoint | null>;
  remove(): Promise<void>;
} = {
  save: (checkpoint) => put(LATEST, checkpoint),
  saveOlder: (checkpoint) => put(OLDER, checkpoint),

  async load(): Promise<Checkpoint | null> {
    return (await this.loadStored())?.checkpoint ?? null;
  },
  loadStored: () => get(LATEST),
  loadOlder: async () => (await get(OLDER))?.checkpoint ?? null,

  async remove() {
    try {
      const database = await openDatabase();
      await database.delete('checkpoints', LATEST);
      await database.delete('checkpoints', OLDER);
    } catch (thrown) {
      throw storageError(thrown);
    }
  },
};

async function put(key: string, checkpoint: Checkpoint): Promise<void> {
  try {
    const database = await openDatabase();
    await database.put('checkpoints', { savedAt: Date.now(), checkpoint }, key);
  } catch (thrown) {
    throw storageError(thrown);
  }
}

async function get(key: string): Promise<StoredCheckpoint | null> {
  try {
    const database = await openDatabase();
    const stored = await database.get('checkpoints', key);
    // A later version of the lab may have written it: then it is not ours to read.
    return stored && (stored.checkpoint.version as number) === 1 ? stored : null;
  } catch (thrown) {
    throw storageError(thrown);
  }
}
