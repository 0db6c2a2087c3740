/**
 * IDX, the format of MNIST and its relatives (LeCun, Cortes, Burges, "The MNIST database"): two zero bytes, the type,
 * the number of dimensions, each dimension as a big-endian uint32, then the values. Plain or gzip.
 */
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import { grouped, viewOf } from './bytes.ts';
import { gunzip, isGzip, MAX_UNZIPPED_BYTES } from './gzip.ts';

const TYPES = {
  0x08: { name: 'ubyte', bytes: 1 },
  0x09: { name: 'byte', bytes: 1 },
  0x0b: { name: 'short', bytes: 2 },
  0x0c: { name: 'int', bytes: 4 },
  0x0d: { name: 'float', bytes: 4 },
  0x0e: { name: 'double', bytes: 8 },
} as const;

export type IdxType = (typeof TYPES)[keyof typeof TYPES]['name'];

export interface IdxArray {
  type: IdxType;
  dims: number[];
  /** The values as they stand in the file: row-major, big-endian. */
  data: Uint8Array;
}

/** A file that a person gave: its name is for errors. */
export interface NamedBytes {
  name: string;
  bytes: Uint8Array;
}

/** Reads an IDX file, plain or gzip. Throws E-DATASET with the byte offset. */
export async function readIdx(file: NamedBytes): Promise<IdxArray> {
  if (!isGzip(file.bytes)) return parseIdx(file.name, file.bytes);
  return parseIdx(file.name, await gunzip(file.bytes, { file: file.name }));
}

/** Reads a plain IDX file; `data` is a view of `bytes`. Throws E-DATASET with the byte offset. */
export function parseIdx(file: string, bytes: Uint8Array): IdxArray {
  const fault = (offset: number, what: string, why: string, fix: string): LabError =>
    new LabError({
      code: 'E-DATASET',
      what: `${file} ${what}.`,
      why: asSentence(why),
      fix,
      where: `${file}, byte ${offset}`,
    });
  const cut = (offset: number, needed: number): LabError =>
    fault(
      offset,
      'is cut short',
      `Its header needs ${needed} bytes and the file ends at byte ${bytes.length}`,
      'Download or copy it again.',
    );

  if (bytes.length < 4) throw cut(bytes.length, 4);
  const code = bytes[2] ?? 0;
  const dimensions = bytes[3] ?? 0;
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    throw fault(
      0,
      'is not an IDX file',
      `It must start with two zero bytes and starts with ${startOf(bytes)}`,
      'Give an IDX file such as train-images-idx3-ubyte, plain or gzip.',
    );
  }
  if (!Object.hasOwn(TYPES, code)) {
    throw fault(
      2,
      'is not an IDX file',
      `Byte 2 must name a type (8, 9, 11, 12, 13 or 14) and is ${code}`,
      'Give an IDX file such as train-images-idx3-ubyte, plain or gzip.',
    );
  }
  const type = TYPES[code as keyof typeof TYPES];
  if (dimensions === 0) {
    throw fault(3, 'holds no dimension', 'Byte 3, the number of dimensions, is 0', 'Write it again.');
  }
  const headerBytes = 4 + 4 * dimensions;
  if (bytes.length < headerBytes) throw cut(bytes.length, headerBytes);

  const view = viewOf(bytes);
  const dims = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index));
  let payload: number = type.bytes;
  for (const [index, side] of dims.entries()) {
    payload *= side;
    if (payload > MAX_UNZIPPED_BYTES) {
      throw fault(
        4 + 4 * index,
        `claims the size ${dims.map(grouped).join(' x ')}`,
        `That is more than ${grouped(MAX_UNZIPPED_BYTES)} bytes, the most the lab takes`,
        'The header is damaged, or the file is too large: check it, or split it.',
      );
    }
  }
  const expected = headerBytes + payload;
  const size = dims.map(grouped).join(' x ');
  if (bytes.length < expected) {
    throw fault(
      bytes.length,
      'is cut short',
      `Its header promises ${size} values, ${grouped(expected)} bytes, and the file ends at byte ${grouped(bytes.length)}`,
      'Download or copy it again.',
    );
  }
  if (bytes.length > expected) {
    throw fault(
      expected,
      'is too long',
      `Its header promises ${size} values, ${grouped(expected)} bytes, and the file has ${grouped(bytes.length)}`,
      'The header or the file is damaged: download or copy it again.',
    );
  }
  return { type: type.name, dims, data: bytes.subarray(headerBytes) };
}

/** The first bytes, and what kind of file begins so. */
function startOf(bytes: Uint8Array): string {
  const head = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const kinds: [string, string][] = [
    ['89 50 4e 47', 'a PNG picture'],
    ['50 4b 03 04', 'a zip file'],
    ['1f 8b', 'a gzip file inside a gzip file'],
    ['93 4e 55 4d', 'a NumPy array'],
    ['ff d8 ff', 'a JPEG picture'],
    ['3c', 'a web page'],
  ];
  const kind = kinds.find(([start]) => head.startsWith(start));
  return kind === undefined ? head : `${head}, like ${kind[1]}`;
}
