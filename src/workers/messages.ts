import type { FromWorker, ToWorker } from './protocol.ts';

/** One end of the line between a page and a worker; a MessagePort, a Worker or a worker's own scope. */
export interface Channel<Out, In> {
  post(message: Out, transfer?: Transferable[]): void;
  listen(listener: (message: In) => void): void;
}

/** The worker's end. */
export type WorkerEnd = Channel<FromWorker, ToWorker>;
/** The page's end. */
export type PageEnd = Channel<ToWorker, FromWorker>;
