/** Child processes. */
import { spawn } from 'node:child_process';
import { ROOT } from './files.mjs';

/** What failed, in words for people; scripts print it without a stack. */
export class SetupError extends Error {}

/**
 * Runs a command to its end in the root of the project.
 * @param {{ quiet?: boolean, env?: Record<string, string> }} [options] quiet: keep its output, for a failure
 * @returns {Promise<{ code: number, output: string }>} 127 when the command is missing
 */
export function runProcess(command, args, { quiet = false, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32' && !command.endsWith('.exe'),
    });
    const parts = [];
    child.stdout?.on('data', (part) => parts.push(part));
    child.stderr?.on('data', (part) => parts.push(part));
    const output = () => Buffer.concat(parts).toString();
    child.on('error', (error) => resolve({ code: 127, output: `${output()}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: output() }));
  });
}

/** Runs a script with this Node. */
export function runNode(args, options) {
  return runProcess(process.execPath, args, options);
}

/** Ends a script: what it throws becomes a message and exit code 1. */
export async function mainProgram(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    console.error(error instanceof SetupError ? error.message : error);
    process.exitCode = 1;
  }
}
