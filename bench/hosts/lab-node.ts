/** The lab's engine in Node: a process of its own, so that flags and other contestants do not touch it. */
import { installNodeWebGpu } from '../../src/cli/node-webgpu.ts';
import { spawnHelperThread } from '../../src/cli/spawn-helper-thread.ts';
import { nodeAssets } from '../../src/engine/backend/assets.node.ts';
import { Station } from '../station.ts';
import { labBout } from '../workloads/lab.ts';
import { startLab } from './lab-start.ts';
import { listenInNode } from './node-host.ts';

let threads = 1;

listenInNode(
  new Station({
    start: async (request) => {
      threads = request.threads;
      if (request.backend === 'webgpu') await installNodeWebGpu();
      return startLab(request, nodeAssets);
    },
    setUp: (workload) => labBout(workload, { spawn: spawnHelperThread, count: threads - 1 }),
  }),
);
