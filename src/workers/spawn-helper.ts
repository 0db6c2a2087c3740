import type { HelperLine } from '../engine/parallel/messages.ts';
import { workerLine } from './worker-line.ts';

/** More threads than this find too little to do in one step. */
const MOST_THREADS = 4;

/** Helper threads besides the worker that asks: one for each further core. */
export function helperCount(): number {
  return Math.min(MOST_THREADS, navigator.hardwareConcurrency || 1) - 1;
}

/** Starts a helper thread inside this worker; it ends with it. */
export function spawnHelper(): HelperLine {
  const worker = new Worker(new URL('./helper.ts', import.meta.url), { type: 'module' });
  return workerLine(worker);
}
