import { fork } from 'node:child_process';
import { at } from '../../scripts/setup/files.mjs';
import { nodeFlags } from '../../scripts/setup/node-flags.mjs';
import type { BenchAnswer } from '../protocol.ts';
import { type Lane, LineLane } from './lane.ts';

const START_MS = 60_000;

/** Starts a host of bench/hosts, or a bundle of one, in a process of Node. @throws LaneError */
export async function nodeLane(script: string): Promise<Lane> {
  const child = fork(script, [], {
    execArgv: [...nodeFlags, '--expose-gc', '--import', import.meta.resolve('tsx')],
    cwd: at(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const lane = new LineLane({
    send: (request) => child.send(request),
    close: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  });
  let said = '';
  child.stderr?.on('data', (part: Buffer) => (said = `${said}${part.toString()}`.slice(-4000)));
  child.on('message', (answer: BenchAnswer) => lane.answered(answer));
  child.on('error', (error) => lane.died(error.message));
  child.on('exit', (code, signal) =>
    lane.died(`it ended with ${signal ?? `exit code ${code}`}${lastLine(said)}`),
  );
  await lane.greeted(START_MS);
  return lane;
}

/** The line of an error output that says most: the first that names an error. */
export function lastLine(output: string): string {
  const lines = output.trim().split('\n');
  const line = lines.find((text) => /error/i.test(text)) ?? lines.at(-1) ?? '';
  return line === '' ? '' : `: ${line.trim()}`;
}
