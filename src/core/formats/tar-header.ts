/** The blocks of a tar that describe an entry (POSIX.1-1988, "ustar interchange format"). */
import { AGAIN, archiveFault } from './archive.ts';
import { grouped } from './bytes.ts';

/** Headers, and contents filled up with zeros, come in blocks of this many bytes. */
export const TAR_BLOCK = 512;

export interface TarHeader {
  path: string;
  /** Bytes that follow, before they are filled up to whole blocks. */
  size: number;
  /** One character; `L` and `x` speak of the entry that follows. */
  type: string;
  /** Whether it is a file, and no folder, link or device. */
  regular: boolean;
}

const FIELD = {
  name: [0, 100],
  size: [124, 136],
  checksum: [148, 156],
  type: [156, 157],
  magic: [257, 262],
  prefix: [345, 500],
} as const;

/** Whether the bytes begin with a header. */
export function isTarHeader(block: Uint8Array): boolean {
  return block.length >= TAR_BLOCK && text(block, FIELD.magic) === 'ustar' && checksumHolds(block);
}

/**
 * @param at the block's place among the unpacked bytes, for errors
 * @throws LabError E-DATASET: no tar, or a damaged header
 */
export function readTarHeader(file: string, block: Uint8Array, at: number): TarHeader {
  if (text(block, FIELD.magic) !== 'ustar') {
    const why =
      at === 0
        ? 'It is no tar file: "ustar" is missing at byte 257'
        : `What stands at byte ${grouped(at)} is no entry`;
    throw archiveFault(file, why, at === 0 ? 'Give a tar file, plain or gzip.' : AGAIN);
  }
  if (!checksumHolds(block)) {
    throw archiveFault(file, `The checksum of the entry at byte ${grouped(at)} is wrong`, AGAIN);
  }
  const size = number(block, FIELD.size);
  if (!Number.isSafeInteger(size) || size < 0) {
    throw archiveFault(file, `The entry at byte ${grouped(at)} has no size that can be read`, AGAIN);
  }
  const type = text(block, FIELD.type);
  const prefix = text(block, FIELD.prefix);
  // GNU's magic ends in spaces and has other things where the prefix stands.
  const posix = block[262] === 0;
  const name = text(block, FIELD.name);
  return {
    path: posix && prefix !== '' ? `${prefix}/${name}` : name,
    // What is no file, and no words about one, has no contents, whatever it claims: links may carry their target's size.
    size: type === '1' || type === '2' || type === '5' ? 0 : size,
    type,
    regular: type === '' || type === '0' || type === '7',
  };
}

/**
 * `path` and `size` from pax records, each `LENGTH KEY=VALUE\n`.
 * @throws LabError E-DATASET when they are damaged
 */
export function paxRecords(file: string, records: string): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (const line of records.split('\n')) {
    const match = /^\d+ (path|size)=(.*)$/s.exec(line);
    if (match?.[1] === 'path' && match[2] !== undefined) found.path = match[2];
    if (match?.[1] === 'size') {
      const size = Number(match[2]);
      if (!Number.isSafeInteger(size) || size < 0)
        throw archiveFault(file, 'An entry has no size that can be read', AGAIN);
      found.size = size;
    }
  }
  return found;
}

type Range = readonly [number, number];

/** One for all: an archive may have half a million headers. */
const decoder = new TextDecoder();

function text(block: Uint8Array, [from, to]: Range): string {
  const bytes = block.subarray(from, to);
  const end = bytes.indexOf(0);
  return end === 0 ? '' : decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or GNU's big-endian bytes where the first bit is set; NaN for anything else. */
function number(block: Uint8Array, range: Range): number {
  const [from, to] = range;
  const first = block[from] ?? 0;
  if (first & 0x80) return block.subarray(from + 1, to).reduce((sum, byte) => sum * 256 + byte, first & 0x7f);
  const digits = text(block, range).trim();
  return /^[0-7]*$/.test(digits) ? parseInt(`0${digits}`, 8) : NaN;
}

/** The sum of all bytes, those of the checksum itself as spaces; some old writers took bytes as signed. */
function checksumHolds(block: Uint8Array): boolean {
  const [from, to] = FIELD.checksum;
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < TAR_BLOCK; index++) {
    const value = index >= from && index < to ? 32 : (block[index] ?? 0);
    unsigned += value;
    signed += value > 127 ? value - 256 : value;
  }
  const stated = number(block, FIELD.checksum);
  return stated === unsigned || stated === signed;
}
