/** `lab verify`: holds the engine against reference figures. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { BackendChoice } from '../core/config/schema.ts';
import { asSentence, messageOf } from '../core/error-words.ts';
import type { LabErrorData } from '../core/errors.ts';
import { asLabError, LabError } from '../core/errors.ts';
import { nodeAssets } from '../engine/backend/assets.node.ts';
import { chooseBackend } from '../engine/backend/choose.ts';
import {
  checkReference,
  knownReferences,
  TOLERANCE,
  toleranceOf,
  worstOf,
} from '../engine/reference/checks.ts';
import { assertWritable, readInput, systemReason, writeWhole } from './files.ts';
import { installNodeWebGpu } from './node-webgpu.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';

export interface VerifyOptions {
  backend: BackendChoice;
  json?: string | undefined;
}

/** What came of one file. `error` is the relative error that is largest for its tolerance, `at` where it is. */
export type FileVerdict =
  | {
      file: string;
      status: 'passed' | 'failed';
      error: number;
      at: string;
      tolerance: number;
      comparisons: number;
    }
  | { file: string; status: 'skipped' }
  | { file: string; status: 'unreadable'; problem: LabErrorData };

/**
 * The known kind of a reference file by its name: `mgda.json`, or with a seed, `mgda_7.json`, `mgda-seed7.json`; null
 * for one that the engine does not know.
 */
export function referenceKind(file: string): string | null {
  const stem = path.basename(file, '.json');
  return (
    knownReferences.find(
      (known) =>
        stem === known || (stem.startsWith(known) && /^[-_.](seed[-_]?)?\d+$/.test(stem.slice(known.length))),
    ) ?? null
  );
}

async function verifyFile(folder: string, file: string): Promise<FileVerdict> {
  const kind = referenceKind(file);
  if (kind === null) return { file, status: 'skipped' };
  try {
    const bytes = await readInput(path.join(folder, file), 'The reference file', 'E-CONFIG');
    const comparisons = (await checkReference(kind, parseJson(bytes, file))) ?? [];
    const worst = worstOf(comparisons);
    if (!worst) throw nothingToCompare(file);
    const tolerance = toleranceOf(worst);
    // Not `<=` turned around: an error that is not a number must fail.
    const status = worst.error <= tolerance ? 'passed' : 'failed';
    return { file, status, error: worst.error, at: worst.name, tolerance, comparisons: comparisons.length };
  } catch (thrown) {
    const problem = asLabError(thrown).toData();
    // The engine knows the kind only: `mgda.json` for `mgda_7.json`.
    const what = problem.where === kind ? problem.what.replace(`${kind}.json`, file) : problem.what;
    return { file, status: 'unreadable', problem: { ...problem, what, where: file } };
  }
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-CONFIG',
        what: `${file} is not JSON.`,
        why: asSentence(messageOf(cause)),
        fix: 'Fetch or write it again.',
        where: file,
      },
      { cause },
    );
  }
}

function nothingToCompare(file: string): LabError {
  return new LabError({
    code: 'E-CONFIG-VALUE',
    what: `${file} has nothing to compare.`,
    why: 'It holds no cases.',
    fix: 'Compare it with the format in the README beside the reference figures.',
    where: file,
  });
}

const isReference = (name: string): boolean => name.endsWith('.json') && !name.startsWith('.');

/** Reference files of a folder, and what lies one folder deeper, which is not looked at. */
async function jsonFiles(folder: string): Promise<{ files: string[]; deeper: string[] }> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new LabError(
      {
        code: 'E-CONFIG',
        what: `The folder ${folder} cannot be read.`,
        why: systemReason(cause),
        fix: 'Give a folder of reference files.',
        where: folder,
      },
      { cause },
    );
  }
  const files = entries.filter((entry) => !entry.isDirectory() && isReference(entry.name));
  const below = await Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => {
        const inside = await readdir(path.join(folder, name)).catch(() => []);
        return inside.filter(isReference).map((file) => path.join(name, file));
      }),
  );
  const deeper = below.flat().sort();
  if (files.length > 0) return { files: files.map(({ name }) => name).sort(), deeper };
  throw new LabError({
    code: 'E-CONFIG',
    what: `${folder} has no reference files.`,
    why: ['None of its files ends with .json.', deeperLine(deeper)].join(' ').trim(),
    fix: `Give a folder with ${knownReferences.map((name) => `${name}.json`).join(', ')}, or some of them.`,
    where: folder,
  });
}

function deeperLine([first, ...others]: readonly string[]): string {
  if (first === undefined) return '';
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `Not looked at, in subfolders: ${first}${more}.`;
}

function verdictLine(verdict: FileVerdict, width: number): string {
  const name = verdict.file.padEnd(width);
  switch (verdict.status) {
    case 'skipped':
      return `${name}  skipped     not known to this version`;
    case 'unreadable':
      return `${name}  unreadable  ${verdict.problem.code}: ${verdict.problem.what} ${verdict.problem.why}`;
    default:
      return `${name}  ${verdict.status.padEnd(10)}  largest relative error ${verdict.error.toExponential(2)} (${verdict.at}), tolerance ${verdict.tolerance.toExponential(0)}, ${verdict.comparisons} comparisons`;
  }
}

/** @returns the exit code: failed when a file is past tolerance or cannot be read */
export async function verify(folder: string, options: VerifyOptions, terminal: Terminal): Promise<number> {
  const { files, deeper } = await jsonFiles(folder);
  if (options.json !== undefined && options.json !== '-') await assertWritable(options.json);
  if (options.backend === 'webgpu') await installNodeWebGpu();
  const backend = await chooseBackend(options.backend, nodeAssets);
  const people = options.json === '-' ? terminal.err : terminal.out;
  printLine(people, `${backend.name}: ${backend.label}`);
  const width = Math.max(...files.map(({ length }) => length));
  const verdicts: FileVerdict[] = [];
  for (const file of files) {
    const verdict = await verifyFile(folder, file);
    verdicts.push(verdict);
    printLine(people, verdictLine(verdict, width));
  }
  if (deeper.length > 0) printLine(people, deeperLine(deeper));
  const counted = (status: FileVerdict['status']): number =>
    verdicts.filter((verdict) => verdict.status === status).length;
  const words = (['passed', 'failed', 'unreadable', 'skipped'] as const).map(
    (status) => `${counted(status)} ${status}`,
  );
  printLine(people, words.join(', '));
  if (options.json !== undefined) {
    const report = { version: 1, backend: backend.name, tolerance: TOLERANCE, files: verdicts };
    const text = `${JSON.stringify(report, null, 1)}\n`;
    if (options.json === '-') terminal.out.write(text);
    else await writeWhole(options.json, text);
  }
  return counted('failed') + counted('unreadable') > 0 ? EXIT.failed : EXIT.ok;
}
