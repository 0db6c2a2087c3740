/// <reference lib="webworker" />
/** The entry of a worker: wires the page's messages to the jobs, and says when it is ready. */
import { fetchReader } from '../core/datasets/read-file.ts';
import { browserAssets } from '../engine/backend/assets.browser.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import { measurementStore } from '../storage/measurement-store.ts';
import { serve } from './host.ts';
import { createJobs } from './jobs.ts';
import { holdLock } from './life-lock.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import { helperCount, spawnHelper } from './spawn-helper.ts';

/** Filled in by the build. */
declare const __LAB_VERSION__: string;

const scope = self as unknown as DedicatedWorkerGlobalScope;

/** The folder that serves `data/` and `models/`: the page's own, which the page passes as the worker's name. */
const base = scope.name;

serve(
  {
    post: (message: FromWorker, transfer = []) => scope.postMessage(message, transfer),
    listen: (listener) => {
      scope.onmessage = ({ data }: MessageEvent<ToWorker>) => listener(data);
    },
  },
  createJobs({
    assets: browserAssets,
    readData: fetchReader(new URL('data/', base).href),
    readModel: fetchReader(new URL('models/', base).href),
    runs: keptRuns,
    helpers: { spawn: spawnHelper, count: helperCount },
    remembering: {
      store: measurementStore,
      machine: [navigator.userAgent, `${navigator.hardwareConcurrency} cores`, `lab ${__LAB_VERSION__}`],
    },
  }),
);

void holdLock().then((lock) => scope.postMessage({ type: 'ready', lock } satisfies FromWorker));
