/** The process around `lab`: streams, signals and the exit code. */
import type { Terminal } from './output.ts';
import { main } from './program.ts';
import { onStopSignals } from './stop-signals.ts';

const terminal: Terminal = {
  out: process.stdout,
  err: process.stderr,
  outIsTerminal: process.stdout.isTTY,
  onStop: (listener) => onStopSignals(process, listener),
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
