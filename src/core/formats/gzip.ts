/** Bounded gzip: by the platform's DecompressionStream when it has one, else by fflate. */
import { Gunzip } from 'fflate';
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import { concatBytes, crc32, grouped, unshared, viewOf } from './bytes.ts';

/** The most that a data file may expand to, unless the caller knows better. */
export const MAX_UNZIPPED_BYTES = 2 ** 30;

const CHUNK_BYTES = 64 * 1024;

export interface GunzipOptions {
  /** Refuse when more than this would come out. */
  maxBytes?: number;
  /** Name of the file, for errors. */
  file?: string;
}

/** Whether the bytes start as a gzip file (RFC 1952) does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The contents of a gzip file. Throws E-DATASET when it is corrupt, cut short or larger than `maxBytes`. */
export function gunzip(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Uint8Array> {
  return typeof DecompressionStream === 'undefined'
    ? Promise.resolve().then(() => gunzipByFflate(bytes, options))
    : gunzipByStream(bytes, options);
}

/** {@link gunzip} by the platform. */
export async function gunzipByStream(bytes: Uint8Array, options: GunzipOptions = {}): Promise<Uint8Array> {
  const { maxBytes = MAX_UNZIPPED_BYTES, file = 'The file' } = options;
  const reader = new Blob([unshared(bytes)])
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .getReader();
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    let part: ReadableStreamReadResult<Uint8Array>;
    try {
      part = await reader.read();
    } catch (cause) {
      throw corrupt(file, cause);
    }
    if (part.done) return concatBytes(parts);
    total += part.value.length;
    if (total > maxBytes) {
      await reader.cancel().catch(() => undefined);
      throw tooLarge(file, maxBytes);
    }
    parts.push(part.value);
  }
}

/** {@link gunzip} in plain JavaScript; fflate checks no checksum, so this does. */
export function gunzipByFflate(bytes: Uint8Array, options: GunzipOptions = {}): Uint8Array {
  const { maxBytes = MAX_UNZIPPED_BYTES, file = 'The file' } = options;
  const parts: Uint8Array[] = [];
  let total = 0;
  const stream = new Gunzip((part) => {
    total += part.length;
    if (total > maxBytes) throw tooLarge(file, maxBytes);
    parts.push(part);
  });
  try {
    if (bytes.length < 18) throw new Error('the file is shorter than an empty gzip file');
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
      stream.push(bytes.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= bytes.length);
    }
    const contents = concatBytes(parts);
    const trailer = viewOf(bytes.subarray(bytes.length - 8));
    if (trailer.getUint32(4, true) !== contents.length % 2 ** 32)
      throw new Error('the length does not match');
    if (trailer.getUint32(0, true) !== crc32(contents)) throw new Error('the checksum does not match');
    return contents;
  } catch (cause) {
    throw cause instanceof LabError ? cause : corrupt(file, cause);
  }
}

function corrupt(file: string, cause: unknown): LabError {
  const detail = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
  return new LabError(
    {
      code: 'E-DATASET',
      what: `${file} is a corrupt gzip file.`,
      why: asSentence(`It cannot be decompressed to its end${detail}`),
      fix: 'Download or copy it again.',
      where: file,
    },
    { cause },
  );
}

function tooLarge(file: string, maxBytes: number): LabError {
  return new LabError({
    code: 'E-DATASET',
    what: `${file} expands to more than ${grouped(maxBytes)} bytes.`,
    why: 'That is more than it may hold here.',
    fix: 'Check that it is the right file, or split it.',
    where: file,
  });
}
