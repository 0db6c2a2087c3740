/** Where a command prints, and what it can be told from outside; a test gives its own. */
export interface Terminal {
  out: NodeJS.WritableStream;
  err: NodeJS.WritableStream;
  /** Columns and redraws are possible on `out`. */
  outIsTerminal: boolean;
  /** Calls back at each request to stop (Ctrl-C, SIGTERM) with the exit code that belongs to it; returns how to stop listening. */
  onStop: (listener: (exitCode: number) => void) => () => void;
  /** Ends the process without further ado. */
  exitNow: (exitCode: number) => void;
}

/** Everything went well; it failed and said why; the command line was wrong. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

export function printLine(stream: NodeJS.WritableStream, line = ''): void {
  stream.write(`${line}\n`);
}

/** `97.2 %`, of a fraction; `-` for what was not measured. */
export function percent(fraction: number | null): string {
  return fraction === null || Number.isNaN(fraction) ? '-' : `${(fraction * 100).toFixed(2)} %`;
}

/** `1 thread`, `2 threads`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1:02:03`, `0:41`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** An argument as a POSIX shell takes it. */
export function shellQuote(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
