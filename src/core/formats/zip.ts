/** Zip files in memory: written by fflate, read with bounds and checksums, which fflate leaves out. */
import { inflateSync, zipSync } from 'fflate';
import { asSentence } from '../error-words.ts';
import type { ErrorCode } from '../errors.ts';
import { LabError } from '../errors.ts';
import { crc32, grouped, viewOf } from './bytes.ts';

const END_SIGNATURE = 0x06054b50;
const CENTRAL_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
/** The end record, and the longest comment after it. */
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const MAX_FILES = 10_000;

export interface ReadZipOptions {
  /** Name for errors. */
  file?: string;
  /** Refuse when all files together would expand to more. */
  maxBytes?: number;
  code?: ErrorCode;
}

/** A zip of these files. Equal input gives equal bytes: no time stands in it. */
export function writeZip(files: ReadonlyMap<string, Uint8Array>): Uint8Array<ArrayBuffer> {
  return zipSync(Object.fromEntries(files), { level: 6, mtime: new Date(1980, 0, 1) });
}

/** Whether the bytes start as a zip file does. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && viewOf(bytes).getUint32(0, true) === LOCAL_SIGNATURE;
}

/**
 * The files of a zip by their path; folders are left out.
 * Throws `code` (E-MODEL by default): corrupt, encrypted, expanding past `maxBytes`, or packed in a way other than store and deflate.
 */
export function readZip(bytes: Uint8Array, options: ReadZipOptions = {}): Map<string, Uint8Array> {
  const { file = 'The file', maxBytes = 2 ** 29, code = 'E-MODEL' } = options;
  const fault = (why: string, cause?: unknown): LabError =>
    new LabError(
      {
        code,
        what: `${file} is not a zip file that can be read.`,
        why: asSentence(why),
        fix: 'Download or save it again.',
        where: file,
      },
      { cause },
    );
  const view = viewOf(bytes);
  const end = findEnd(view);
  if (end === null) throw fault('It has no end record: it is cut short, or no zip file');
  const count = view.getUint16(end + 10, true);
  if (count > MAX_FILES) throw fault(`It has ${grouped(count)} files`);

  const files = new Map<string, Uint8Array>();
  let at = view.getUint32(end + 16, true);
  let total = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== CENTRAL_SIGNATURE) {
      throw fault(`Its directory is broken at byte ${at}`);
    }
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const crc = view.getUint32(at + 16, true);
    const packedBytes = view.getUint32(at + 20, true);
    const plainBytes = view.getUint32(at + 24, true);
    const nameBytes = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (name.endsWith('/')) continue;

    if (flags & 1) throw fault(`"${name}" is encrypted`);
    if (method !== 0 && method !== 8)
      throw fault(`"${name}" is packed by method ${method}, which is not known here`);
    total += plainBytes;
    if (total > maxBytes) throw fault(`It expands to more than ${grouped(maxBytes)} bytes`);
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_SIGNATURE) {
      throw fault(`"${name}" does not begin at byte ${local}`);
    }
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (from + packedBytes > bytes.length) throw fault(`"${name}" ends past the file`);
    const packed = bytes.subarray(from, from + packedBytes);
    let plain: Uint8Array;
    try {
      // Into an array of the promised size: what claims to be small cannot grow.
      plain = method === 0 ? packed : inflateSync(packed, { out: new Uint8Array(plainBytes) });
    } catch (cause) {
      throw fault(`"${name}" cannot be decompressed`, cause);
    }
    if (plain.length !== plainBytes || crc32(plain) !== crc) {
      throw fault(`"${name}" is damaged: its length or checksum does not match`);
    }
    files.set(name, plain);
  }
  return files;
}

function findEnd(view: DataView): number | null {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - MAX_COMMENT_BYTES); at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  return null;
}
