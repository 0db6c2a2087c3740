/**
 * Tar archives (POSIX.1-1988 ustar, with the long names of GNU and of POSIX.1-2001 "pax"), plain or gzip, read as a stream:
 * the archive may be larger than memory.
 */
import type { SourceFile } from '../datasets/loaders/loader.ts';
import { cancelledError, LabError } from '../errors.ts';
import type { ArchiveEntry, ArchiveOptions } from './archive.ts';
import {
  AGAIN,
  archiveFault,
  entryPath,
  MAX_ENTRIES,
  MAX_ENTRY_BYTES,
  SPLIT,
  unpackedBound,
} from './archive.ts';
import { ByteReader } from './byte-reader.ts';
import { grouped } from './bytes.ts';
import { counted, gunzippedStream } from './gzip-stream.ts';
import { isGzip } from './gzip.ts';
import { isTarHeader, paxRecords, readTarHeader, TAR_BLOCK } from './tar-header.ts';

/** A long name or the pax records of one entry: real ones are below a few KiB. */
const MAX_META_BYTES = 2 ** 20;

/** Whether a file is a tar by its first bytes, plain; or a gzip whose contents begin so. */
export async function isTar(file: SourceFile): Promise<boolean> {
  const head = await file.bytes(0, Math.min(file.size, TAR_BLOCK));
  if (!isGzip(head)) return isTarHeader(head);
  const reader = new ByteReader(gunzippedStream(file.stream()));
  try {
    return isTarHeader(await reader.take(TAR_BLOCK));
  } catch {
    return false;
  } finally {
    await reader.cancel();
  }
}

/**
 * The regular files of a tar, in order, each readable while the iteration stands at it. Folders, links and devices are
 * passed over. The file is read to its end, so that the checksum of a gzip counts.
 * @throws LabError E-DATASET: damaged, cut short, no tar, a path that leads out, too many entries, unpacking past the bound; E-CANCELLED
 */
export async function* tarEntries(
  file: SourceFile,
  options: ArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const { signal, maxEntries = MAX_ENTRIES, maxEntryBytes = MAX_ENTRY_BYTES } = options;
  const { maxBytes = unpackedBound(file.size) } = options;
  const { name } = file;
  let unpacked = 0;
  const reader = await openTar(file, options, (bytes) => {
    if (signal?.aborted === true) throw cancelledError();
    unpacked += bytes;
    if (unpacked > maxBytes)
      throw archiveFault(name, `It unpacks to more than ${grouped(maxBytes)} bytes`, SPLIT);
  });
  const cut = (): LabError => archiveFault(name, 'It is cut short: it ends within an entry', AGAIN);
  const skip = async (bytes: number): Promise<void> => {
    if ((await reader.skip(bytes)) < bytes) throw cut();
  };
  const padding = (size: number): number => (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK;
  const metaText = async (size: number): Promise<string> => {
    if (size > MAX_META_BYTES) throw archiveFault(name, `A name in it claims ${grouped(size)} bytes`, AGAIN);
    const bytes = await reader.take(size);
    if (bytes.length < size) throw cut();
    await skip(padding(size));
    return new TextDecoder().decode(bytes);
  };

  try {
    let entries = 0;
    let at = 0;
    /** What stands before an entry and speaks of it. */
    let next: { path?: string | undefined; size?: number | undefined } = {};
    for (;;) {
      const block = await reader.take(TAR_BLOCK);
      if (block.length === 0) throw archiveFault(name, 'It is cut short: its end mark is missing', AGAIN);
      if (block.length < TAR_BLOCK) throw cut();
      if (block.every((byte) => byte === 0)) break;
      if (++entries > maxEntries)
        throw archiveFault(name, `It has more than ${grouped(maxEntries)} entries`, SPLIT);
      const header = readTarHeader(name, block, at);
      at += TAR_BLOCK + header.size + padding(header.size);
      if (header.type === 'L') {
        next.path = (await metaText(header.size)).replace(/\0.*$/s, '');
        continue;
      }
      if (header.type === 'x') {
        next = { ...next, ...paxRecords(name, await metaText(header.size)) };
        continue;
      }
      const size = next.size ?? header.size;
      at += size + padding(size) - header.size - padding(header.size);
      const path = header.regular ? entryPath(name, next.path ?? header.path) : null;
      next = {};
      let taken = false;
      if (path !== null) {
        yield {
          path,
          size,
          async bytes() {
            if (taken) throw new RangeError(`${path} was read already.`);
            if (size > maxEntryBytes) {
              throw archiveFault(
                name,
                `${path} in it has ${grouped(size)} bytes, more than ${grouped(maxEntryBytes)}`,
                SPLIT,
              );
            }
            taken = true;
            const bytes = await guarded(name, reader.take(size));
            if (bytes.length < size) throw cut();
            return bytes;
          },
        };
      }
      await skip((taken ? 0 : size) + padding(size));
    }
    // To the end, whatever stands there: a gzip has its checksum last.
    await reader.skip(Infinity);
  } catch (thrown) {
    throw asArchiveError(name, thrown);
  } finally {
    await reader.cancel();
  }
}

async function openTar(
  file: SourceFile,
  { onBytes }: ArchiveOptions,
  onUnpacked: (bytes: number) => void,
): Promise<ByteReader> {
  const head = await file.bytes(0, Math.min(file.size, 2));
  let done = 0;
  const source = counted(file.stream(), (bytes) => onBytes?.((done += bytes)));
  return new ByteReader(isGzip(head) ? gunzippedStream(source) : source, onUnpacked);
}

async function guarded<T>(file: string, promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (thrown) {
    throw asArchiveError(file, thrown);
  }
}

/** What the decompressor or the source says, as a coded error. */
function asArchiveError(file: string, thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown;
  if (thrown instanceof RangeError) throw thrown;
  const detail = thrown instanceof Error && thrown.message !== '' ? `: ${thrown.message}` : '';
  return archiveFault(file, `It is damaged or cut short${detail}`, AGAIN, thrown);
}
