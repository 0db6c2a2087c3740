import type { BenchRequest } from '../protocol.ts';
import type { Station } from '../station.ts';

/** Answers requests that come over the channel of `fork`, and ends with it. */
export function listenInNode(station: Station): void {
  process.on('message', (request: BenchRequest) => {
    void station.answer(request).then((answer) => process.send?.(answer));
  });
  // A GPU or a timer may hold the process when the bench is gone.
  process.on('disconnect', () => process.exit(0));
  process.send?.({ ok: true, value: {} });
}
