/** The runs that this browser keeps, and which of them this tab may go on with. */
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import type { RunSummary } from '../storage/database.ts';
import { claimRun, releaseRun } from './run-claims.ts';

/** Runs that no tab has open; older ones make room. */
const MOST = 4;

/** An id that no other tab gives. */
export function newRunId(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join('-');
}

/**
 * Takes for this tab the run that was kept last, of those that can go on and that no other tab has open; null where there
 * is none. Runs that are over are dropped on the way, and so are those beyond the newest few.
 */
export async function claimSavedRun(): Promise<{ run: RunSummary; checkpoint: Checkpoint } | null> {
  let found: { run: RunSummary; checkpoint: Checkpoint } | null = null;
  let free = 0;
  for (const run of await keptRuns.list()) {
    if (!(await claimRun(run.id))) continue;
    const canGoOn = run.step > 0 && run.epoch <= run.config.training.epochs;
    if (!canGoOn || ++free > MOST) await keptRuns.remove(run.id);
    else if (!found) {
      const checkpoint = await keptRuns.load(run.id);
      if (checkpoint) found = { run, checkpoint };
    }
    if (found?.run !== run) releaseRun(run.id);
  }
  return found;
}
