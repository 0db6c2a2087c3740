import { LabWorkers } from '../workers/lab-workers.ts';
import { spawnWorker } from '../workers/spawn.ts';

let workers: LabWorkers | null = null;

/** The page's workers, started with the first job. One worker leads the training; others, at most three, take side jobs. */
export function labWorkers(): LabWorkers {
  const cores = globalThis.navigator.hardwareConcurrency || 2;
  workers ??= new LabWorkers(spawnWorker, Math.min(3, Math.max(1, cores - 1)));
  return workers;
}
