/** The lab's engine in a worker of the bench page, as in the product. */
import { browserAssets } from '../../src/engine/backend/assets.browser.ts';
import { Station } from '../station.ts';
import { labBout } from '../workloads/lab.ts';
import { startLab } from './lab-start.ts';
import { listenInWorker } from './worker-host.ts';

listenInWorker(
  new Station({
    start: (request) => startLab(request, browserAssets),
    setUp: (workload) => Promise.resolve(labBout(workload)),
  }),
);
