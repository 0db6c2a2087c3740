import type { Checkpoint, CheckpointStore } from '../../core/experiment/checkpoint.ts';
import { hasExploded } from '../../core/experiment/recovery.ts';

/** How far the older checkpoint lies behind: so many steps, or so much training of at least a few. */
const STEPS_BEHIND = 100;
const SECONDS_BEHIND = 60;
const FEWEST_STEPS_BEHIND = 20;

/**
 * Keeps an older checkpoint beside the newest, for a run whose newest leads to a loss that is not finite again and again.
 * One between the two waits in memory until it is far enough behind; then it becomes the older one.
 */
export class OlderCheckpoint {
  private waiting: Checkpoint | null = null;

  /** @param newest has just been kept */
  async follow(newest: Checkpoint, storage: CheckpointStore): Promise<void> {
    if (!storage.saveOlder || hasExploded(newest)) return;
    const { waiting } = this;
    if (waiting && !isFarBehind(waiting, newest)) return;
    this.waiting = newest;
    if (waiting) await storage.saveOlder(waiting);
  }
}

function isFarBehind(older: Checkpoint, newer: Checkpoint): boolean {
  const steps = newer.step - older.step;
  return (
    steps >= STEPS_BEHIND || (steps >= FEWEST_STEPS_BEHIND && newer.seconds - older.seconds >= SECONDS_BEHIND)
  );
}
