import { cancelledError, LabError } from '../../errors.ts';
import type { ArchiveEntry, ArchiveOptions } from '../../formats/archive.ts';
import { entryPath, MAX_ENTRIES, MAX_ENTRY_BYTES } from '../../formats/archive.ts';
import { grouped } from '../../formats/bytes.ts';
import { PICTURE_NAME } from '../../formats/decode-picture.ts';
import { isTar, tarEntries } from '../../formats/tar.ts';
import { isZip } from '../../formats/zip.ts';
import { zipEntries } from '../../formats/zip-entries.ts';
import type { SourceFile } from './loader.ts';

export type EntryOptions = Pick<ArchiveOptions, 'signal' | 'maxEntries'> & {
  /** Bytes of all files, packed, that have been read, and of how many. */
  onBytes?: ((done: number, total: number) => void) | undefined;
};

const TABLE_NAME = /\.(csv|tsv|txt)$/i;

/**
 * Everything that the given files hold: those in zip and tar archives, and the files themselves where they are none.
 * @throws LabError E-DATASET as {@link tarEntries} and {@link zipEntries} do, and for more files than `maxEntries`
 */
export async function* sourceEntries(
  files: readonly SourceFile[],
  { signal, onBytes, maxEntries = MAX_ENTRIES }: EntryOptions = {},
): AsyncGenerator<ArchiveEntry> {
  if (files.length > maxEntries) {
    throw new LabError({
      code: 'E-DATASET',
      what: `These are ${grouped(files.length)} files.`,
      why: `The lab reads up to ${grouped(maxEntries)}.`,
      fix: 'Give a part of them.',
    });
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const file of files) {
    const options = { signal, maxEntries, onBytes: (done: number) => onBytes?.(before + done, total) };
    const kind = await archiveKind(file);
    if (kind === 'zip') yield* zipEntries(file, options);
    else if (kind === 'tar') yield* tarEntries(file, options);
    else {
      if (signal?.aborted === true) throw cancelledError();
      const path = entryPath(file.name, file.name.replace(/^\/+/, ''));
      if (path !== null) yield { path, size: file.size, bytes: () => plainBytes(file) };
    }
    before += file.size;
    onBytes?.(before, total);
  }
}

/** What holds other files, by its first bytes; null for a file that is none of these. */
export async function archiveKind(file: SourceFile): Promise<'zip' | 'tar' | null> {
  if (PICTURE_NAME.test(file.name) || TABLE_NAME.test(file.name)) return null;
  if (isZip(await file.bytes(0, Math.min(4, file.size)))) return 'zip';
  return (await isTar(file)) ? 'tar' : null;
}

/** Whether a file among others may name labels: a table of text. */
export function isTableName(path: string): boolean {
  return TABLE_NAME.test(path);
}

function plainBytes(file: SourceFile): Promise<Uint8Array> {
  if (file.size <= MAX_ENTRY_BYTES) return file.bytes(0, file.size);
  throw new LabError({
    code: 'E-DATASET',
    what: `${file.name} has ${grouped(file.size)} bytes.`,
    why: `One picture or table has up to ${grouped(MAX_ENTRY_BYTES)}.`,
    fix: 'Check that it is the right file.',
    where: file.name,
  });
}
