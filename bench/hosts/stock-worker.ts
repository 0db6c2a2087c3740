/** Stock TensorFlow.js in a worker of the bench page. */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import { Station } from '../station.ts';
import { stockBout } from '../workloads/stock.ts';
import { startStock } from './stock-backends.ts';
import { listenInWorker } from './worker-host.ts';

listenInWorker(
  new Station({
    start: (request) =>
      startStock(request, () => {
        setWasmPaths({
          'tfjs-backend-wasm.wasm': plainUrl,
          'tfjs-backend-wasm-simd.wasm': simdUrl,
          'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
        });
        return Promise.resolve();
      }),
    setUp: (workload) => Promise.resolve(stockBout(workload)),
  }),
);
