/**
 * The files of a zip (PKWARE APPNOTE 6.3, with Zip64), read in ranges: the archive may be larger than memory. Small
 * archives that are in memory are read by `zip.ts`.
 */
import { inflateSync } from 'fflate';
import type { SourceFile } from '../datasets/loaders/loader.ts';
import type { LabError } from '../errors.ts';
import { cancelledError } from '../errors.ts';
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
import { crc32, grouped, viewOf } from './bytes.ts';
import type { ZipRecord } from './zip-directory.ts';
import { readZipDirectory, zipRecords } from './zip-directory.ts';

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;

/** Read at once, so that small files that lie together cost one read. */
const WINDOW_BYTES = 2 ** 20;

/**
 * The files of a zip in the order of its directory; folders are left out. `onBytes` tells how far the reading is.
 * @throws LabError E-DATASET: damaged, cut short, encrypted, no zip, a path that leads out, too many entries, unpacking
 *   past the bound, packed in a way other than store and deflate; E-CANCELLED
 */
export async function* zipEntries(
  file: SourceFile,
  options: ArchiveOptions = {},
): AsyncGenerator<ArchiveEntry> {
  const { signal, onBytes, maxEntries = MAX_ENTRIES, maxEntryBytes = MAX_ENTRY_BYTES } = options;
  const { maxBytes = unpackedBound(file.size) } = options;
  const fault = (why: string, cause?: unknown): LabError => archiveFault(file.name, why, AGAIN, cause);
  const directory = await readZipDirectory(file, maxEntries);
  let total = 0;
  for (const { path, size } of zipRecords(file.name, directory, maxEntries)) {
    entryPath(file.name, path);
    total += size;
    if (total > maxBytes) {
      throw archiveFault(file.name, `It unpacks to more than ${grouped(maxBytes)} bytes`, SPLIT);
    }
  }
  const window = windowOf(file);
  let done = 0;
  for (const record of zipRecords(file.name, directory, maxEntries)) {
    if (signal?.aborted === true) throw cancelledError();
    done = Math.min(file.size, done + LOCAL_BYTES + record.packedBytes);
    const path = entryPath(file.name, record.path);
    if (path === null) continue;
    yield {
      path,
      size: record.size,
      bytes: async () => {
        if (record.size > maxEntryBytes) {
          const why = `${path} in it has ${grouped(record.size)} bytes, more than ${grouped(maxEntryBytes)}`;
          throw archiveFault(file.name, why, SPLIT);
        }
        return unpack(record, await packedBytes(record, file, window, fault), fault);
      },
    };
    onBytes?.(done);
  }
  onBytes?.(file.size);
}

type Fault = (why: string, cause?: unknown) => LabError;
type Window = (from: number, to: number) => Promise<Uint8Array>;

/** Reads ranges through one window that moves along. */
function windowOf(file: SourceFile): Window {
  let start = 0;
  let held: Uint8Array = new Uint8Array(0);
  return async (from, to) => {
    if (from < start || to > start + held.length) {
      held = await file.bytes(from, Math.min(file.size, Math.max(to, from + WINDOW_BYTES)));
      start = from;
    }
    return held.subarray(from - start, to - start);
  };
}

async function packedBytes(
  record: ZipRecord,
  file: SourceFile,
  window: Window,
  fault: Fault,
): Promise<Uint8Array> {
  const { path, packedBytes: length, at } = record;
  if (record.encrypted) throw fault(`"${path}" is encrypted`);
  if (at + LOCAL_BYTES + length > file.size) throw fault(`"${path}" ends past the file`);
  const local = viewOf(await window(at, at + LOCAL_BYTES));
  if (local.byteLength < LOCAL_BYTES || local.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw fault(`"${path}" does not begin at byte ${grouped(at)}`);
  }
  const from = at + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  if (from + length > file.size) throw fault(`"${path}" ends past the file`);
  return window(from, from + length);
}

function unpack({ path, method, size, crc }: ZipRecord, packed: Uint8Array, fault: Fault): Uint8Array {
  if (method !== 0 && method !== 8) {
    throw fault(`"${path}" is packed by method ${method}, which is not known here`);
  }
  let plain: Uint8Array;
  try {
    // Into an array of the promised size: what claims to be small cannot grow. A copy, since the window moves on.
    plain = method === 0 ? packed.slice() : inflateSync(packed, { out: new Uint8Array(size) });
  } catch (cause) {
    throw fault(`"${path}" cannot be decompressed`, cause);
  }
  if (plain.length !== size || crc32(plain) !== crc) {
    throw fault(`"${path}" is damaged: its length or checksum does not match`);
  }
  return plain;
}
