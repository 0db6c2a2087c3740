/// <reference lib="webworker" />
import type { BenchRequest } from '../protocol.ts';
import type { Station } from '../station.ts';

/** Answers requests of the bench page. */
export function listenInWorker(station: Station): void {
  const scope = self as unknown as DedicatedWorkerGlobalScope;
  scope.onmessage = ({ data }: MessageEvent<BenchRequest>) => {
    void station.answer(data).then((answer) => scope.postMessage(answer));
  };
  scope.postMessage({ ok: true, value: {} });
}
