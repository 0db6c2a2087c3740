import { Worker } from 'node:worker_threads';
import type { FromHelper, HelperLine } from '../engine/parallel/messages.ts';

/** Starts a helper thread; it keeps no process alive. */
export function spawnHelperThread(): HelperLine {
  const worker = new Worker(new URL('./helper-thread.mjs', import.meta.url));
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (listener) => {
      worker.on('message', (message: FromHelper) => listener(message));
      worker.unref(); // after the listener, which holds the process again
    },
    onError: (listener) => {
      worker.on('error', ({ message }) => listener(message));
      worker.on('exit', () => listener('It ended.'));
    },
    terminate: () => void worker.terminate(),
    sharesMemory: true,
  };
}
