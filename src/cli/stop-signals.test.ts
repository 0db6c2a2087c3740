import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { onStopSignals } from './stop-signals.ts';

/** The exit codes that come of signals at times in seconds. */
function heard(signals: [seconds: number, signal: string][]): number[] {
  const source = new EventEmitter();
  const codes: number[] = [];
  let now = 0;
  const stop = onStopSignals(
    source,
    (code) => codes.push(code),
    () => now,
  );
  for (const [seconds, signal] of signals) {
    now = 5000 + seconds * 1000;
    source.emit(signal);
  }
  stop();
  expect(source.eventNames()).toEqual([]);
  return codes;
}

describe('requests to stop', () => {
  it('take one press for one request, though npm sends it again', () => {
    const press: [number, string] = [0, 'SIGINT'];
    expect(heard([press, [0.01, 'SIGINT'], [0.3, 'SIGINT']])).toEqual([130]);
  });

  it('hear the second request of three presses 0.4 s apart', () => {
    expect(
      heard([
        [0, 'SIGINT'],
        [0.4, 'SIGINT'],
        [0.8, 'SIGINT'],
      ]),
    ).toEqual([130, 130]);
  });

  it('tell each signal by its exit code', () => {
    expect(
      heard([
        [0, 'SIGTERM'],
        [1, 'SIGHUP'],
      ]),
    ).toEqual([143, 129]);
  });
});
