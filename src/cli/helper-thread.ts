/** The entry of a helper thread in Node. */
import { parentPort } from 'node:worker_threads';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { serveHelper } from '../engine/parallel/helper.ts';
import type { ToHelper } from '../engine/parallel/messages.ts';

const port = parentPort;
if (!port) throw new Error('a helper thread is started by spawnHelperThread');

serveHelper(
  {
    post: (message, transfer = []) => port.postMessage(message, transfer),
    listen: (listener) => void port.on('message', (message: ToHelper) => listener(message)),
  },
  nodeAssets,
);
