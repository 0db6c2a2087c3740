import { spawn } from 'node:child_process';
import { at } from './files.mjs';
import { nodeFlags } from './node-flags.mjs';
import { prepare } from './prepare.mjs';

/**
 * Sets up what is missing, then runs a TypeScript program of the lab with the rest of the command line.
 * @param {string} script its name in package.json; called by it, paths count from the folder where npm was called
 * @param {string} entry the program, from the root of the project
 * @returns {Promise<number>} its exit code
 */
export async function handOver(script, entry) {
  const { npm_lifecycle_event: running, INIT_CWD: called } = process.env;
  const folder = (running === script ? called : undefined) ?? process.cwd();
  await prepare({ quiet: true });
  const flags = [...nodeFlags, '--import', import.meta.resolve('tsx'), at(entry)];
  const child = spawn(process.execPath, [...flags, ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: folder,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
