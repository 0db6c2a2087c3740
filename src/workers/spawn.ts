import type { WorkerLine } from './client.ts';
import type { FromWorker } from './protocol.ts';

/** Starts a dedicated worker of the lab in this page. */
export function spawnWorker(): WorkerLine {
  const base = new URL('./', document.baseURI).href;
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: base });
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (listener) => {
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => listener(data);
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
