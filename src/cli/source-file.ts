/** Files of the disk as loaders read them. */
import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { SourceFile } from '../core/datasets/loaders/loader.ts';
import { LabError } from '../core/errors.ts';
import { MAX_ENTRIES } from '../core/formats/archive.ts';
import { grouped } from '../core/formats/bytes.ts';
import { systemReason } from './files.ts';

/** More folders within one another than data has. */
const MAX_DEPTH = 20;

/**
 * Files, and all files within folders, in the order of their names; links are not followed.
 * @throws LabError E-DATASET for what cannot be read
 */
export async function sourceFiles(paths: readonly string[]): Promise<SourceFile[]> {
  const found: SourceFile[] = [];
  for (const given of paths) {
    try {
      const kind = await stat(given);
      if (kind.isDirectory()) await addFolder(given, path.basename(path.resolve(given)), found, 0);
      else found.push(new DiskFile(given, path.basename(given), kind.size));
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      throw unreadable(given, cause);
    }
  }
  return found;
}

async function addFolder(folder: string, name: string, found: SourceFile[], depth: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    const inside = `${name}/${entry.name}`;
    if (entry.isDirectory() && depth < MAX_DEPTH) await addFolder(file, inside, found, depth + 1);
    if (!entry.isFile()) continue;
    if (found.length >= MAX_ENTRIES) {
      throw new LabError({
        code: 'E-DATASET',
        what: `${folder} and what is in it are too many files.`,
        why: `The lab reads up to ${grouped(MAX_ENTRIES)}.`,
        fix: 'Give a part of them.',
        where: folder,
      });
    }
    found.push(new DiskFile(file, inside, (await stat(file)).size));
  }
}

/** A class, since there may be a million of them: functions of its own for each would take as much again. */
class DiskFile implements SourceFile {
  constructor(
    private readonly file: string,
    readonly name: string,
    readonly size: number,
  ) {}

  stream(): ReadableStream<Uint8Array> {
    return Readable.toWeb(createReadStream(this.file));
  }

  async bytes(from: number, to: number): Promise<Uint8Array> {
    try {
      const handle = await open(this.file);
      try {
        const bytes = new Uint8Array(Math.max(0, Math.min(to, this.size) - from));
        let at = 0;
        while (at < bytes.length) {
          const { bytesRead } = await handle.read(bytes, at, bytes.length - at, from + at);
          if (bytesRead === 0) return bytes.subarray(0, at);
          at += bytesRead;
        }
        return bytes;
      } finally {
        await handle.close();
      }
    } catch (cause) {
      throw unreadable(this.file, cause);
    }
  }
}

function unreadable(file: string, cause: unknown): LabError {
  return new LabError(
    {
      code: 'E-DATASET',
      what: `${file} cannot be read.`,
      why: systemReason(cause),
      fix: 'Check the name and that you may read it.',
      where: file,
    },
    { cause },
  );
}
