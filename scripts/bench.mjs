/** `npm run bench [-- options]`: times the lab beside its peers. Sets up what is missing, then hands over to bench. */
import './setup/check-node.mjs';
import { spawn } from 'node:child_process';
import { at } from './setup/files.mjs';
import { nodeFlags } from './setup/node-flags.mjs';
import { prepare } from './setup/prepare.mjs';
import { mainProgram } from './setup/process.mjs';

/** Paths on the command line count from the folder where npm was called, not from the root of the project. */
const { npm_lifecycle_event: script, INIT_CWD: called } = process.env;
const folder = (script === 'bench' ? called : undefined) ?? process.cwd();

await mainProgram(async () => {
  await prepare({ quiet: true });
  const flags = [...nodeFlags, '--import', import.meta.resolve('tsx'), at('bench/main.ts')];
  const child = spawn(process.execPath, [...flags, ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd: folder,
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
});
