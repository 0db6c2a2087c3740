/** The jobs of a worker in the browser, with all that they stand on. */
import { fetchReader } from '../core/datasets/read-file.ts';
import { browserAssets } from '../engine/backend/assets.browser.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import { measurementStore } from '../storage/measurement-store.ts';
import type { DatasetShelf } from './dataset-shelf.ts';
import { createJobs, type Perform } from './jobs.ts';
import { helperCount, spawnHelper } from './spawn-helper.ts';

/** Filled in by the build. */
declare const __LAB_VERSION__: string;

/** @param base address of the folder that serves `models/` */
export function browserJobs(base: string, shelf: DatasetShelf): Perform {
  return createJobs({
    assets: browserAssets,
    shelf,
    readModel: fetchReader(new URL('models/', base).href),
    runs: keptRuns,
    helpers: { spawn: spawnHelper, count: helperCount },
    remembering: {
      store: measurementStore,
      machine: [navigator.userAgent, `${navigator.hardwareConcurrency} cores`, `lab ${__LAB_VERSION__}`],
    },
  });
}
