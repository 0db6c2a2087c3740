/** The directory at the end of a zip, also in the form for many or large files (Zip64). */
import type { SourceFile } from '../datasets/loaders/loader.ts';
import type { LabError } from '../errors.ts';
import { AGAIN, archiveFault, SPLIT } from './archive.ts';
import { grouped, viewOf } from './bytes.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const RECORD_SIGNATURE = 0x02014b50;
const RECORD_BYTES = 46;
const ZIP64_EXTRA = 1;

/** As many records as an archive may have, of 178 bytes each: ImageNet's have about 116, in 148 MiB. */
const MAX_DIRECTORY_BYTES = 2 ** 28;

/** In a field of the old form: the number stands in the Zip64 part. */
const ELSEWHERE_16 = 0xffff;
const ELSEWHERE_32 = 0xffffffff;

export interface ZipRecord {
  /** As it is written there. */
  path: string;
  /** 0 stored, 8 deflated. */
  method: number;
  encrypted: boolean;
  crc: number;
  packedBytes: number;
  /** Bytes, unpacked. */
  size: number;
  /** Where the file begins. */
  at: number;
}

/**
 * The bytes of the directory.
 * @throws LabError E-DATASET: no zip, cut short, or more entries than `maxEntries`, before its names are read
 */
export async function readZipDirectory(file: SourceFile, maxEntries: number): Promise<Uint8Array> {
  const tailFrom = Math.max(0, file.size - END_BYTES - MAX_COMMENT_BYTES - LOCATOR_BYTES);
  const tail = viewOf(await file.bytes(tailFrom, file.size));
  const end = findEnd(tail);
  if (end === null) {
    throw archiveFault(file.name, 'It has no end record: it is cut short, or no zip file', AGAIN);
  }
  let count = tail.getUint16(end + 10, true);
  let bytes = tail.getUint32(end + 12, true);
  let at = tail.getUint32(end + 16, true);
  if (count === ELSEWHERE_16 || bytes === ELSEWHERE_32 || at === ELSEWHERE_32) {
    const locator = end - LOCATOR_BYTES;
    if (locator >= 0 && tail.getUint32(locator, true) === LOCATOR_SIGNATURE) {
      const from = uint64(tail, locator + 8);
      const view = viewOf(await file.bytes(from, Math.min(file.size, from + END64_BYTES)));
      if (view.byteLength < END64_BYTES || view.getUint32(0, true) !== END64_SIGNATURE) {
        throw archiveFault(file.name, 'Its Zip64 end record is damaged', AGAIN);
      }
      count = uint64(view, 32);
      bytes = uint64(view, 40);
      at = uint64(view, 48);
    }
  }
  if (count > maxEntries) {
    throw archiveFault(
      file.name,
      `It has ${grouped(count)} entries, more than ${grouped(maxEntries)}`,
      SPLIT,
    );
  }
  if (bytes > MAX_DIRECTORY_BYTES || at + bytes > file.size) {
    throw archiveFault(
      file.name,
      `Its directory claims ${grouped(bytes)} bytes at byte ${grouped(at)}`,
      AGAIN,
    );
  }
  return file.bytes(at, at + bytes);
}

/** The records of a directory, one after another. @throws LabError E-DATASET where it is damaged */
export function* zipRecords(file: string, directory: Uint8Array, maxEntries: number): Generator<ZipRecord> {
  const view = viewOf(directory);
  const broken = (at: number): LabError =>
    archiveFault(file, `Its directory is broken at byte ${grouped(at)} of it`, AGAIN);
  let count = 0;
  for (let at = 0; at < directory.length;) {
    if (at + RECORD_BYTES > directory.length || view.getUint32(at, true) !== RECORD_SIGNATURE)
      throw broken(at);
    if (++count > maxEntries) {
      throw archiveFault(file, `It has more than ${grouped(maxEntries)} entries`, SPLIT);
    }
    const nameEnd = at + RECORD_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > directory.length) throw broken(at);
    const record: ZipRecord = {
      path: new TextDecoder().decode(directory.subarray(at + RECORD_BYTES, nameEnd)),
      method: view.getUint16(at + 10, true),
      encrypted: (view.getUint16(at + 8, true) & 1) === 1,
      crc: view.getUint32(at + 16, true),
      packedBytes: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    yield withZip64(record, viewOf(directory.subarray(nameEnd, extraEnd)));
    at = next;
  }
}

/** The extra field holds, in this order, those of the three numbers that did not fit. */
function withZip64(record: ZipRecord, extra: DataView): ZipRecord {
  const long = { ...record };
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const end = at + 4 + extra.getUint16(at + 2, true);
    if (extra.getUint16(at, true) === ZIP64_EXTRA && end <= extra.byteLength) {
      let from = at + 4;
      for (const key of ['size', 'packedBytes', 'at'] as const) {
        if (record[key] !== ELSEWHERE_32 || from + 8 > end) continue;
        long[key] = uint64(extra, from);
        from += 8;
      }
    }
    at = end;
  }
  return long;
}

/** Past 2^53 it is rounded: far beyond any file. */
function uint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function findEnd(view: DataView): number | null {
  for (let at = view.byteLength - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return null;
}
