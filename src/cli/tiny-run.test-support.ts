/** `lab run` on a tiny part of MNIST: half a second or so each time. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach } from 'vitest';
import type { Manifest } from '../core/datasets/manifest.ts';
import type { RoundRecord } from '../core/experiment/round.ts';
import { PREPARED_DATA } from './data-files.ts';
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
  rounds?: RoundRecord[];
}

export const readJson = async (file: string): Promise<RunJson> =>
  JSON.parse(await readFile(file, 'utf8')) as RunJson;

export const withoutTimes = ({ epochs, rounds, ...rest }: RunJson): unknown => ({
  ...rest,
  rounds: rounds?.map((round) => ({
    ...round,
    seconds: 0,
    clients: round.clients.map((client) => ({ ...client, milliseconds: 0 })),
  })),
  seconds: 0,
  epochs: epochs.map((epoch) => ({ ...epoch, seconds: 0 })),
});

/** Puts the first file of each split of MNIST into a data folder: to unpack them all takes half a second each time. */
export async function writeFirstShards(folder: string): Promise<void> {
  const from = path.join(PREPARED_DATA, 'mnist');
  const to = path.join(folder, 'mnist');
  await mkdir(to, { recursive: true });
  const manifest = JSON.parse(await readFile(path.join(from, 'manifest.json'), 'utf8')) as Manifest;
  for (const split of Object.values(manifest.splits)) {
    split.shards.splice(1);
    for (const { file, count } of split.shards) {
      split.count = count;
      await copyFile(path.join(from, file), path.join(to, file));
    }
  }
  await writeFile(path.join(to, 'manifest.json'), JSON.stringify(manifest));
}

/** The tiny experiment in a folder of its own, and a checkpoint of its own for each test. */
export class TinyRun {
  readonly at = temporaryFolder('run');
  private runs = 0;
  checkpoint = '';

  constructor() {
    beforeAll(async () => {
      await writeFile(this.experiment, TINY);
      await writeFirstShards(this.data);
    });
    beforeEach(() => {
      this.checkpoint = this.at(`${++this.runs}.checkpoint`);
    });
  }

  get experiment(): string {
    return this.at('tiny.yaml');
  }

  get data(): string {
    return this.at('data');
  }

  /** `lab run` on it, with more options; on one thread unless they say otherwise, as a helper takes a second to start. */
  run(...args: string[]): ReturnType<typeof lab> {
    const always = ['--backend', 'wasm', '--checkpoint', this.checkpoint];
    const unless = (...option: [string, string]) => (args.includes(option[0]) ? [] : option);
    const usual = [...unless('--threads', '1'), ...unless('--data', this.data)];
    return lab('run', this.experiment, ...always, ...usual, ...args);
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
      { set: [], backend: 'wasm', threads: 1, checkpoint: this.checkpoint, data: this.data, ...more },
      terminal,
      (event) => {
        if (event.type !== 'step' || event.record.step !== steps) return;
        for (let press = 0; press < presses; press++) terminal.stop();
      },
    );
    return { exitCode, terminal };
  }
}
