/** For tests: helpers on the test's own thread, behind real message ports, and ways for them to fail. */
import { nodeAssets } from '../backend/assets.node.ts';
import { serveHelper } from './helper.ts';
import type { FromHelper, HelperLine, ToHelper } from './messages.ts';

export interface LocalHelper {
  line: HelperLine;
  /** What it was asked to do. */
  asked: ToHelper[];
  /** As a thread that crashes. */
  crash: (why: string) => void;
  /** As a thread that hangs: it hears nothing more. */
  hang: () => void;
}

export function localHelper(): LocalHelper {
  const { port1, port2 } = new MessageChannel();
  const asked: ToHelper[] = [];
  let report: (why: string) => void = () => undefined;
  let deaf = false;
  serveHelper(
    {
      post: (message, transfer = []) => port2.postMessage(message, transfer),
      listen: (listener) => {
        port2.onmessage = ({ data }: MessageEvent<ToHelper>) => {
          asked.push(data);
          if (!deaf) listener(data);
        };
      },
    },
    nodeAssets,
  );
  const close = () => {
    port1.close();
    port2.close();
  };
  return {
    asked,
    crash: (why) => {
      close();
      report(why);
    },
    hang: () => (deaf = true),
    line: {
      post: (message, transfer = []) => port1.postMessage(message, transfer),
      listen: (listener) => {
        port1.onmessage = ({ data }: MessageEvent<FromHelper>) => listener(data);
      },
      onError: (listener) => (report = listener),
      terminate: close,
      sharesMemory: false,
    },
  };
}
