/** What goes on without being asked for: the backend and the data of the draft are made ready before the first run. */
import { equalValues } from '../core/config/delta.ts';
import type { BalancerConfig, ExperimentConfig } from '../core/config/schema.ts';
import { rememberRuns } from './bench-models.ts';
import { datasetStore } from './dataset-store.ts';
import { experimentStore } from './experiment-store.ts';
import { type RunPhase, runStore } from './run-store.ts';

const wanted = ({ backend, task }: ExperimentConfig): string => `${backend} ${task.dataset}`;

/** Starts the background work of the page; call it once, after the draft is known. */
export function startBackground(): void {
  void datasetStore.getState().listKept();
  void runStore.getState().findSaved();
  rememberRuns();
  prepareUnlessTraining();
  experimentStore.subscribe(({ draft }, before) => {
    if (wanted(draft) !== wanted(before.draft)) prepareUnlessTraining();
    const balancer = balancerOf(draft);
    const { config, setBalancer } = runStore.getState();
    // The form's balancer is the one in force, however it was changed: by hand, by undo, in the YAML.
    const changed = balancer !== null && !equalValues(balancer, balancerOf(before.draft));
    if (changed && isTraining() && config?.attack.injection.kind === 'loss') setBalancer(balancer);
  });
  // A run owns the worker; what was chosen meanwhile is made ready when it ends.
  runStore.subscribe(({ phase }, before) => {
    if (phase !== before.phase && training(before.phase)) prepareUnlessTraining();
  });
}

const training = (phase: RunPhase): boolean =>
  phase === 'preparing' || phase === 'running' || phase === 'paused';
const isTraining = (): boolean => training(runStore.getState().phase);

function balancerOf({ attack }: ExperimentConfig): BalancerConfig | null {
  return attack.injection.kind === 'loss' ? attack.injection.balancer : null;
}

let prepared = '';

function prepareUnlessTraining(): void {
  const { draft } = experimentStore.getState();
  if (isTraining() || prepared === wanted(draft)) return;
  prepared = wanted(draft);
  runStore.getState().prepare(draft);
}
