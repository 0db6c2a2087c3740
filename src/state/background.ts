/** What goes on without being asked for: the backend and the data of the draft are made ready before the first run. */
import type { ExperimentConfig } from '../core/config/schema.ts';
import { datasetStore } from './dataset-store.ts';
import { experimentStore } from './experiment-store.ts';
import { runStore } from './run-store.ts';

const wanted = ({ backend, task }: ExperimentConfig): string => `${backend} ${task.dataset}`;

/** Starts the background work of the page; call it once, after the draft is known. */
export function startBackground(): void {
  void datasetStore.getState().listKept();
  void runStore.getState().findSaved();
  runStore.getState().prepare(experimentStore.getState().draft);
  experimentStore.subscribe(({ draft }, before) => {
    const { phase, prepare } = runStore.getState();
    const training = phase === 'preparing' || phase === 'running' || phase === 'paused';
    // A run under way owns the worker; the next run prepares what it needs.
    if (!training && wanted(draft) !== wanted(before.draft)) prepare(draft);
  });
}
