import type { FromHelper, HelperLine, ToHelper } from '../engine/parallel/messages.ts';
import { workerLine } from './worker-line.ts';

/** More threads than this find too little to do in one step. */
const MOST_THREADS = 4;

/**
 * Helper threads besides the worker that asks.
 * @param threads as many as a person chose; null for one on each core, as far as a step has work for them
 */
export function helperCount(threads: number | null): number {
  const cores = navigator.hardwareConcurrency || 1;
  return Math.min(threads ?? MOST_THREADS, cores) - 1;
}

/** Starts a helper thread inside this worker; it ends with it. */
export function spawnHelper(): HelperLine {
  const worker = new Worker(new URL('./helper.ts', import.meta.url), { type: 'module' });
  return { ...workerLine<ToHelper, FromHelper>(worker), sharesMemory: true };
}
