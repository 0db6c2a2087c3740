/** The lab's engine in a worker of the bench page, as in the product. */
import { browserAssets } from '../../src/engine/backend/assets.browser.ts';
import { spawnHelper } from '../../src/workers/spawn-helper.ts';
import { Station } from '../station.ts';
import { labBout } from '../workloads/lab.ts';
import { startLab } from './lab-start.ts';
import { listenInWorker } from './worker-host.ts';

let threads = 1;

listenInWorker(
  new Station({
    start: (request) => {
      threads = request.threads;
      return startLab(request, browserAssets);
    },
    setUp: (workload) => labBout(workload, { spawn: spawnHelper, count: threads - 1 }),
  }),
);
