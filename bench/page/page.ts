/** The bench page: starts a worker for each contestant and carries messages between it and the bench. */
import type { BenchAnswer, BenchRequest } from '../protocol.ts';
import { runEpoch } from './epoch.ts';

declare global {
  interface Window {
    labBench: typeof bench;
    /** Given by the bench: what a worker says goes back through these. */
    benchAnswered: (id: string, answer: BenchAnswer) => Promise<void>;
    benchDied: (id: string, why: string) => Promise<void>;
  }
}

const workers = new Map<string, Worker>();

const bench = {
  open(id: string, engine: 'lab' | 'stock'): void {
    const worker =
      engine === 'lab'
        ? new Worker(new URL('../hosts/lab-worker.ts', import.meta.url), { type: 'module' })
        : new Worker(new URL('../hosts/stock-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<BenchAnswer>) => void window.benchAnswered(id, data);
    worker.onerror = (event) => void window.benchDied(id, event.message || 'its worker could not start');
    workers.set(id, worker);
  },

  send(id: string, request: BenchRequest): void {
    workers.get(id)?.postMessage(request);
  },

  close(id: string): void {
    workers.get(id)?.terminate();
    workers.delete(id);
  },

  runEpoch,
};

window.labBench = bench;
