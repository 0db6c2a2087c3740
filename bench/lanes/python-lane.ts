/** PyTorch in a long-lived process of Python: a line of JSON for each request, and one for each answer. */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { at } from '../../scripts/setup/files.mjs';
import type { BenchAnswer } from '../protocol.ts';
import { type Lane, LaneError, LineLane } from './lane.ts';
import { lastLine } from './node-lane.ts';

const START_MS = 60_000;

export interface PythonOptions {
  threads: number;
  /** As PyTorch names it: `cpu`, `cuda`. */
  device: string;
}

/** @throws LaneError when no Python has PyTorch, or the device is not there */
export async function pythonLane({ threads, device }: PythonOptions): Promise<Lane> {
  const python = await pythonWithTorch();
  const script = at('bench/peers/pytorch.py');
  const child = spawn(python, [script, '--threads', String(threads), '--device', device], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lane = new LineLane({
    send: (request) => child.stdin.write(`${JSON.stringify(request)}\n`),
    close: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said = `${said}${part.toString()}`.slice(-4000)));
  child.stdin.on('error', () => lane.died('it no longer listens'));
  createInterface({ input: child.stdout }).on('line', (line) =>
    lane.answered(JSON.parse(line) as BenchAnswer),
  );
  child.on('error', (error) => lane.died(error.message));
  child.on('exit', (code, signal) =>
    lane.died(`it ended with ${signal ?? `exit code ${code}`}${lastLine(said)}`),
  );
  await lane.greeted(START_MS);
  return lane;
}

/** The first Python that can import torch: the one named, Debian's own, the one on the path. */
async function pythonWithTorch(): Promise<string> {
  const { BENCH_PYTHON: named } = process.env;
  for (const python of named ? [named] : ['/usr/bin/python3', 'python3']) {
    if (
      await new Promise<boolean>((resolve) =>
        execFile(python, ['-c', 'import torch'], (error) => resolve(!error)),
      )
    )
      return python;
  }
  const hint = 'Debian: apt-get install python3-torch libopenblas0; or BENCH_PYTHON=/path/to/python';
  throw new LaneError(`${named ?? 'python3'} cannot import torch (${hint})`, true);
}
