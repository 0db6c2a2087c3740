/// <reference lib="webworker" />
/**
 * The entry of a worker: wires the page's messages to the jobs, and says when it is ready. It is small: whatever the jobs
 * stand on comes once the first images are on their way.
 */
import { fetchReader } from '../core/datasets/read-file.ts';
import { DatasetShelf } from './dataset-shelf.ts';
import { serve } from './host.ts';
import type { Perform } from './jobs.ts';
import { holdLock } from './life-lock.ts';
import { loadAny } from './load-any.ts';
import type { FromWorker, ToWorker } from './protocol.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;

/** The folder that serves `data/` and `models/`: the page's own, which the page passes as the worker's name. */
const base = scope.name;

const readData = fetchReader(new URL('data/', base).href);
// One data set at a time: memory stays bounded.
const shelf = new DatasetShelf((id, tools) => loadAny(id, readData, tools));

let coming: Promise<Perform> | null = null;

/** The jobs' own code; after a fetch that failed, the next job asks again. */
function jobs(): Promise<Perform> {
  coming ??= import('./browser-jobs.ts').then(({ browserJobs }) => browserJobs(base, shelf));
  coming.catch(() => (coming = null));
  return coming;
}

serve(
  {
    post: (message: FromWorker, transfer = []) => scope.postMessage(message, transfer),
    listen: (listener) => {
      scope.onmessage = ({ data }: MessageEvent<ToWorker>) => listener(data);
    },
  },
  async (job, tools) => {
    if (job.kind !== 'load-data') return (await jobs())(job, tools);
    const { dataset, firstImages } = shelf.take(job.dataset, tools);
    void firstImages.then(jobs).catch(() => undefined); // whoever needs them is told
    return (await dataset).info;
  },
);

void holdLock().then((lock) => scope.postMessage({ type: 'ready', lock } satisfies FromWorker));
