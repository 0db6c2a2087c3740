import type { EventEmitter } from 'node:events';

/** Ctrl-C reaches us from the terminal and again from npm and the launcher: one press is one request. */
const SAME_PRESS_MS = 700;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Calls back at each request to stop, with its exit code. What comes within 0.7 s of a request belongs to it, but does
 * not put off the next one: who presses fast is heard too.
 * @param source the process
 * @param now in milliseconds
 * @returns how to stop listening
 */
export function onStopSignals(
  source: EventEmitter,
  listener: (exitCode: number) => void,
  now: () => number = () => performance.now(),
): () => void {
  let last = -Infinity;
  const handlers = Object.entries(EXIT_CODES).map(([signal, exitCode]) => {
    const handler = (): void => {
      if (now() - last < SAME_PRESS_MS) return;
      last = now();
      listener(exitCode);
    };
    source.on(signal, handler);
    return [signal, handler] as const;
  });
  return () => {
    for (const [signal, handler] of handlers) source.off(signal, handler);
  };
}
