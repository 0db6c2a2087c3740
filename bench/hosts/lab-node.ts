/** The lab's engine in Node: a process of its own, so that flags and other contestants do not touch it. */
import { installNodeWebGpu } from '../../src/cli/node-webgpu.ts';
import { nodeAssets } from '../../src/engine/backend/assets.node.ts';
import { Station } from '../station.ts';
import { labBout } from '../workloads/lab.ts';
import { startLab } from './lab-start.ts';
import { listenInNode } from './node-host.ts';

listenInNode(
  new Station({
    start: async (request) => {
      if (request.backend === 'webgpu') await installNodeWebGpu();
      return startLab(request, nodeAssets);
    },
    setUp: (workload) => Promise.resolve(labBout(workload)),
  }),
);
