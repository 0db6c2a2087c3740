/// <reference lib="webworker" />
/** The entry of a helper thread, which the training worker starts for itself. */
import { browserAssets } from '../engine/backend/assets.browser.ts';
import { serveHelper } from '../engine/parallel/helper.ts';
import type { ToHelper } from '../engine/parallel/messages.ts';

const scope = self as unknown as DedicatedWorkerGlobalScope;

serveHelper(
  {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    listen: (listener) => {
      scope.onmessage = ({ data }: MessageEvent<ToHelper>) => listener(data);
    },
  },
  browserAssets,
);
