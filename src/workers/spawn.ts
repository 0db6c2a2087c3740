import type { WorkerLine } from './client.ts';
import { workerLine } from './worker-line.ts';

/** Starts a dedicated worker of the lab in this page. */
export function spawnWorker(): WorkerLine {
  const base = new URL('./', document.baseURI).href;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: base });
  return workerLine(worker);
}
