/** Reading and writing files with errors that teach. */
import {
  access,
  constants,
  lstat,
  mkdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import type { Stats } from 'node:fs';
import path from 'node:path';
import { asSentence, messageOf } from '../core/error-words.ts';
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

/**
 * Writes beside the target and renames: a reader sees the old file or the new one, never half of one. Makes its folder.
 * A link stays a link and its target is written; a device or a pipe is written to, not replaced.
 * @throws LabError E-STORAGE, E-QUOTA
 */
export async function writeWhole(file: string, contents: Uint8Array | string): Promise<void> {
  let partial: string | null = null;
  try {
    const found = await statIfThere(file);
    if (found && !found.isFile()) {
      await writeFile(file, contents);
      return;
    }
    const target = await linkTarget(file);
    await mkdir(path.dirname(target), { recursive: true });
    partial = `${target}.${process.pid}.partial`;
    await writeFile(partial, contents);
    await rename(partial, target);
  } catch (cause) {
    if (partial !== null) await rm(partial, { force: true }).catch(() => undefined);
    throw writeError(file, cause);
  }
}

/**
 * Throws now rather than after an hour of training when a result could not be written. Makes its folder.
 * @throws LabError E-STORAGE, E-QUOTA
 */
export async function assertWritable(file: string): Promise<void> {
  try {
    const found = await statIfThere(file);
    if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (found && !found.isFile()) {
      await access(file, constants.W_OK);
      return;
    }
    const folder = path.dirname(await linkTarget(file));
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    throw writeError(file, cause);
  }
}

/**
 * Renames a file, or what a link points to, to `NAME.previous`, or `NAME.previous-2` when that is taken, and so on.
 * @returns the new name; null when the file has gone meanwhile
 * @throws LabError E-STORAGE
 */
export async function moveAside(file: string): Promise<string | null> {
  try {
    const target = await linkTarget(file);
    for (let number = 1; ; number++) {
      const previous = `${target}.previous${number === 1 ? '' : `-${number}`}`;
      if (await lstat(previous).catch(nullIfMissing)) continue;
      await rename(target, previous);
      return previous;
    }
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return null;
    throw writeError(file, cause);
  }
}

/** What stands at a path, through links; null when nothing does. */
export function statIfThere(file: string): Promise<Stats | null> {
  return stat(file).catch(nullIfMissing);
}

function nullIfMissing(cause: unknown): null {
  if (systemCode(cause) === 'ENOENT') return null;
  throw cause;
}

/** Where a path ends when links are followed, also when nothing is there yet. */
async function linkTarget(file: string): Promise<string> {
  const real = await realpath(file).catch(nullIfMissing);
  if (real !== null) return real;
  const link = await lstat(file).catch(nullIfMissing);
  if (!link?.isSymbolicLink()) return file;
  return linkTarget(path.resolve(await realpath(path.dirname(file)), await readlink(file)));
}

/** One name for each file, whatever path leads to it. Null for a device, a pipe or a folder: nothing is lost there. */
async function identity(file: string): Promise<string | null> {
  const found = await statIfThere(file);
  if (found) return found.isFile() ? `${found.dev}:${found.ino}` : null;
  let folder = path.resolve(await linkTarget(file));
  let below = '';
  for (;;) {
    const real = await realpath(folder).catch(nullIfMissing);
    // Nothing below: `new/../old` is there once `new` has been made.
    if (real !== null) return below === '' ? identity(real) : path.join(real, below);
    below = path.join(path.basename(folder), below);
    folder = path.dirname(folder);
  }
}

/**
 * @param files paths by what they are for people, such as `the checkpoint`
 * @throws LabError E-STORAGE when two are the same file: one would overwrite the other
 */
export async function assertDistinct(files: Readonly<Record<string, string | undefined>>): Promise<void> {
  const seen = new Map<string, string>();
  for (const [what, file] of Object.entries(files)) {
    if (file === undefined) continue;
    const name = await identity(file).catch((cause: unknown) => {
      throw writeError(file, cause);
    });
    if (name === null) continue;
    const other = seen.get(name);
    if (other !== undefined) {
      throw new LabError({
        code: 'E-STORAGE',
        what: `${file} cannot be both ${other} and ${what}.`,
        why: 'One would overwrite the other.',
        fix: `Choose another place for ${what}.`,
        where: file,
      });
    }
    seen.set(name, what);
  }
}

export function writeError(file: string, cause: unknown): LabError {
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

/** The code of a system call's error, such as `ENOENT`; empty for another error. */
export function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

const REASONS: Record<string, string> = {
  ENOENT: 'There is no such file or folder.',
  ENOTDIR: 'A part of the path is a file, not a folder.',
  EISDIR: 'It is a folder.',
  EACCES: 'You have no permission for it.',
  EPERM: 'You have no permission for it.',
  EROFS: 'The disk is read-only.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'Your share of the disk is full.',
  ELOOP: 'It is a link that leads back to itself.',
  EEXIST: 'A file stands where a folder is needed.',
};

/** Why a system call failed, in words. */
export function systemReason(cause: unknown): string {
  return REASONS[systemCode(cause)] ?? asSentence(messageOf(cause));
}
