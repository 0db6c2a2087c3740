import type { IDBPTransaction } from 'idb';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { RunSummary } from './database.ts';

/** What version 2 kept: one run, `latest` and `older`, and its series beside them. */
interface OldCheckpoint {
  savedAt: number;
  checkpoint: Checkpoint;
}

const ID = 'the-one-of-before';

/** Takes the one run that version 2 kept over into version 3, where each has an id. For the change of version only. */
export async function takeOneRun(
  transaction: IDBPTransaction<unknown, string[], 'versionchange'>,
): Promise<void> {
  const checkpoints = transaction.objectStore('checkpoints');
  const latest = (await checkpoints.get('latest')) as OldCheckpoint | undefined;
  const older = (await checkpoints.get('older')) as OldCheckpoint | undefined;
  await checkpoints.clear();
  if (latest) {
    const { config, step, epoch } = latest.checkpoint;
    const { savedAt } = latest;
    const summary: RunSummary = { id: ID, savedAt, name: config.name, step, epoch, config };
    await transaction.objectStore('runs').put(summary, ID);
    await checkpoints.put(latest.checkpoint, [ID, 'latest']);
    if (older) await checkpoints.put(older.checkpoint, [ID, 'older']);
  }
  if (!transaction.objectStoreNames.contains('series')) return;
  const pieces = transaction.objectStore('pieces');
  let number = 0;
  for await (const { value } of transaction.objectStore('series')) {
    if (latest) await pieces.put(value, [ID, ++number]);
  }
  transaction.db.deleteObjectStore('series');
}
