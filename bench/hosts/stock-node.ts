/** Stock TensorFlow.js in Node; bundled into one file, see page/build.ts. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { installNodeWebGpu } from '../../src/cli/node-webgpu.ts';
import { Station } from '../station.ts';
import { stockBout } from '../workloads/stock.ts';
import { listenInNode } from './node-host.ts';
import { startStock } from './stock-backends.ts';

listenInNode(
  new Station({
    start: async (request) => {
      if (request.backend === 'webgpu') await installNodeWebGpu();
      return startStock(request, () => {
        const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
        setWasmPaths(`${path.dirname(main)}${path.sep}`);
        return Promise.resolve();
      });
    },
    setUp: (workload) => Promise.resolve(stockBout(workload)),
  }),
);
