/** What the readers of archives share: tar and zip files that people bring, which may be large, damaged or hostile. */
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';

export interface ArchiveEntry {
  /** With `/`, without empty parts, `.` or `..`; no folder. */
  path: string;
  /** Bytes, unpacked. */
  size: number;
  /**
   * The contents, while the iteration stands at this entry.
   * @throws LabError E-DATASET when it is damaged or larger than one entry may be
   */
  bytes(): Promise<Uint8Array>;
}

export interface ArchiveOptions {
  signal?: AbortSignal | undefined;
  /** Bytes of the file, packed, that have been read. */
  onBytes?: ((done: number) => void) | undefined;
  /** Refuse an archive of more entries, folders and links counted. */
  maxEntries?: number;
  /** Refuse an archive that unpacks to more bytes. */
  maxBytes?: number;
  /** Refuse to unpack an entry of more bytes. */
  maxEntryBytes?: number;
}

/**
 * ImageNet-1k has 1,281,167 pictures for training, 50,000 for validation, 100,000 without labels and a thousand folders. What
 * is held of each until the set is made (paths, labels, order; pixels are in a file) is 0.7 KB in Node 20: 0.9 GiB for
 * ImageNet in a folder, and 1.4 GiB of memory at most for the whole process.
 */
export const MAX_ENTRIES = 1_500_000;

/** One picture, one text, or a file of CIFAR-10's 10,000 pictures. */
export const MAX_ENTRY_BYTES = 2 ** 28;

/** Deflate cannot pack better than about 1,000 to 1; real pictures and texts are far below this. */
const MAX_RATIO = 200;
const RATIO_ALLOWANCE_BYTES = 2 ** 26;

/** What an archive of this many bytes may unpack to, unless the caller knows better. */
export function unpackedBound(packedBytes: number): number {
  return RATIO_ALLOWANCE_BYTES + MAX_RATIO * packedBytes;
}

/** An archive that is refused. @param why a sentence, with or without its full stop */
export function archiveFault(file: string, why: string, fix: string, cause?: unknown): LabError {
  return new LabError(
    { code: 'E-DATASET', what: `${file} cannot be unpacked.`, why: asSentence(why), fix, where: file },
    { cause },
  );
}

export const AGAIN = 'Download or copy it again.';
export const SPLIT = 'Check that it is the right file; else unpack it and give a part of it.';
const MAKE_AGAIN = 'Do not trust it; make the archive again with plain relative paths.';

/**
 * The path of an entry in the form of {@link ArchiveEntry}; null for a folder.
 * @throws LabError E-DATASET for a path that leads out of the archive's own folder
 */
export function entryPath(file: string, raw: string): string | null {
  const path = raw.replaceAll('\\', '/');
  const shown = JSON.stringify(raw.slice(0, 120));
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path)) {
    throw archiveFault(file, `It has the absolute path ${shown}`, MAKE_AGAIN);
  }
  if (path.includes('\0')) throw archiveFault(file, `It has a zero in the path ${shown}`, MAKE_AGAIN);
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw archiveFault(file, `The path ${shown} leads out of it`, MAKE_AGAIN);
  return path.endsWith('/') || parts.length === 0 ? null : parts.join('/');
}
