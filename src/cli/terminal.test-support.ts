import { Writable } from 'node:stream';
import type { Terminal } from './output.ts';
import { main } from './program.ts';

/** A terminal that remembers what was printed; `stop` is Ctrl-C. */
export class TestTerminal implements Terminal {
  readonly outIsTerminal = false;
  readonly exits: number[] = [];
  private readonly printed = { out: '', err: '' };
  private readonly listeners = new Set<(exitCode: number) => void>();
  readonly out = this.stream('out');
  readonly err = this.stream('err');

  get outText(): string {
    return this.printed.out;
  }

  get errText(): string {
    return this.printed.err;
  }

  onStop = (listener: (exitCode: number) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  exitNow = (exitCode: number): void => {
    this.exits.push(exitCode);
  };

  stop(): void {
    for (const listener of this.listeners) listener(130);
  }

  private stream(name: 'out' | 'err'): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.printed[name] += chunk.toString();
        done();
      },
    });
  }
}

/** Runs one command line in this process. */
export async function lab(...args: string[]): Promise<{ exitCode: number; out: string; err: string }> {
  const terminal = new TestTerminal();
  const exitCode = await main(args, terminal);
  return { exitCode, out: terminal.outText, err: terminal.errText };
}
