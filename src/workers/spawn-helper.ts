import type { FromHelper, HelperLine } from '../engine/parallel/messages.ts';

/** More threads than this find too little to do in one step. */
const MOST_THREADS = 4;

/** Helper threads besides the worker that asks: one for each further core. */
export function helperCount(): number {
  return Math.min(MOST_THREADS, navigator.hardwareConcurrency || 1) - 1;
}

/** Starts a helper thread inside this worker; it ends with it. */
export function spawnHelper(): HelperLine {
  const worker = new Worker(new URL('./helper.ts', import.meta.url), { type: 'module' });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<FromHelper>) => listener(data);
    },
    onError: (listener) => {
      worker.onerror = (event) => {
        event.preventDefault();
        listener(event.message || 'It could not be started.');
      };
      worker.onmessageerror = () => listener('A message could not be read.');
    },
    terminate: () => worker.terminate(),
  };
}
