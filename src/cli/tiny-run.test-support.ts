/** `lab run` on a tiny part of MNIST: a second or so each time. */
import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, beforeEach } from 'vitest';
import type { RunOptions } from './run.ts';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab, TestTerminal } from './terminal.test-support.ts';

export const TINY = `
version: 1
name: Tiny
seed: 5
task: { train_examples: 400, test_examples: 100 }
training: { epochs: 2, max_batches: 3, batch_size: 16, optimizer: { kind: adam } }
evaluation: { live_every: 0 }
checkpoints: { every: 0 }
`;

export interface RunJson {
  config: unknown;
  seconds: number;
  epochs: { seconds: number }[];
}

export const readJson = async (file: string): Promise<RunJson> =>
  JSON.parse(await readFile(file, 'utf8')) as RunJson;

export const withoutTimes = ({ epochs, ...rest }: RunJson): unknown => ({
  ...rest,
  seconds: 0,
  epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0 })),
});

/** The tiny experiment in a folder of its own, and a checkpoint of its own for each test. */
export class TinyRun {
  readonly at = temporaryFolder('run');
  private runs = 0;
  checkpoint = '';

  constructor() {
    beforeAll(() => writeFile(this.experiment, TINY));
    beforeEach(() => {
      this.checkpoint = this.at(`${++this.runs}.checkpoint`);
    });
  }

  get experiment(): string {
    return this.at('tiny.yaml');
  }

  /** `lab run` on it, with more options; on one thread unless they say otherwise, as a helper takes a second to start. */
  run(...args: string[]): ReturnType<typeof lab> {
    const always = ['--backend', 'wasm', '--checkpoint', this.checkpoint];
    const threads = args.includes('--threads') ? [] : ['--threads', '1'];
    return lab('run', this.experiment, ...always, ...threads, ...args);
  }

  /** Runs until `steps` steps are done, then presses Ctrl-C so many times. */
  async interrupt(
    steps: number,
    more: Partial<RunOptions> = {},
    presses = 1,
  ): Promise<{ exitCode: number; terminal: TestTerminal }> {
    const terminal = new TestTerminal();
    const exitCode = await run(
      this.experiment,
      { set: [], backend: 'wasm', threads: 1, checkpoint: this.checkpoint, ...more },
      terminal,
      (event) => {
        if (event.type !== 'step' || event.record.step !== steps) return;
        for (let press = 0; press < presses; press++) terminal.stop();
      },
    );
    return { exitCode, terminal };
  }
}
