/** Reading and writing files with errors that teach. */
import { access, constants, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ErrorCode } from '../core/errors.ts';
import { LabError } from '../core/errors.ts';

/**
 * @param what what the file is for people, such as `The experiment`
 * @throws LabError `code` when it cannot be read
 */
export async function readInput(file: string, what: string, code: ErrorCode): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(file));
  } catch (cause) {
    throw new LabError(
      {
        code,
        what: `${what} cannot be read from ${file}.`,
        why: systemReason(cause),
        fix: 'Check the path; it counts from the folder that you are in.',
        where: file,
      },
      { cause },
    );
  }
}

/** Writes beside the target and renames: a reader sees the old file or the new one, never half of one. Makes its folder. */
export async function writeWhole(file: string, contents: Uint8Array | string): Promise<void> {
  const partial = `${file}.${process.pid}.partial`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(partial, contents);
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => undefined);
    throw writeError(file, cause);
  }
}

/** Throws now rather than after an hour of training when a result could not be written. Makes its folder. */
export async function assertWritable(file: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await access(path.dirname(file), constants.W_OK);
    const existing = await stat(file).catch(() => null);
    if (existing?.isDirectory() === true) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (cause) {
    throw writeError(file, cause);
  }
}

function writeError(file: string, cause: unknown): LabError {
  const full = ['ENOSPC', 'EDQUOT'].includes(systemCode(cause));
  return new LabError(
    {
      code: full ? 'E-QUOTA' : 'E-STORAGE',
      what: `${file} cannot be written.`,
      why: systemReason(cause),
      fix: full ? 'Free some space, or write to another disk.' : 'Choose another place.',
      where: file,
    },
    { cause },
  );
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

const REASONS: Record<string, string> = {
  ENOENT: 'There is no such file.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  EISDIR: 'It is a folder.',
  EACCES: 'You have no permission for it.',
  EPERM: 'You have no permission for it.',
  EROFS: 'The disk is read-only.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'Your share of the disk is full.',
  EEXIST: 'A file stands where a folder is needed.',
};

function systemReason(cause: unknown): string {
  return REASONS[systemCode(cause)] ?? (cause instanceof Error ? cause.message : String(cause));
}
