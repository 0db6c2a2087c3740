/** The process around `lab`: streams, signals and the exit code. */
import type { Terminal } from './output.ts';
import { main } from './program.ts';

/** Ctrl-C reaches us from the terminal and again from npm and the launcher: one press is one request. */
const SAME_PRESS_MS = 700;

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  outIsTerminal: process.stdout.isTTY,
  onStop(listener) {
    let last = -Infinity;
    const handlers = Object.entries(EXIT_CODES).map(([signal, exitCode]) => {
      const handler = (): void => {
        const now = performance.now();
        const same = now - last < SAME_PRESS_MS;
        last = now;
        if (!same) listener(exitCode);
      };
      process.on(signal, handler);
      return [signal, handler] as const;
    });
    return () => {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    };
  },
  exitNow: (exitCode) => process.exit(exitCode),
};

// A reader that closes early, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const exitCode = await main(process.argv.slice(2), terminal);
// Output to a pipe is written later: wait for it. Then end: a GPU or a pending read may hold the process.
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
await new Promise<void>((resolve) => process.stderr.write('', () => resolve()));
process.exit(exitCode);
