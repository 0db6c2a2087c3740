import { gzipSync } from 'node:zlib';
import { concatBytes } from './bytes.ts';

export interface TarPart {
  path: string;
  contents?: Uint8Array | string;
  type?: string;
  /** What the header claims, where it is not the truth. */
  size?: number;
  prefix?: string;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** An entry as it stands in a tar: header and contents, filled up to whole blocks. */
export function tarPart({ path, contents = '', type = '0', size, prefix = '' }: TarPart): Uint8Array {
  const bytes = typeof contents === 'string' ? encode(contents) : contents;
  const block = new Uint8Array(512);
  block.set(encode(path), 0);
  block.set(encode('0000644\0'), 100);
  block.set(encode(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`), 124);
  block.set(encode(' '.repeat(8)), 148);
  block.set(encode(type), 156);
  block.set(encode('ustar\u000000'), 257);
  block.set(encode(prefix), 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(encode(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return concatBytes([block, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]);
}

/** A whole tar with its end mark. */
export function makeTar(parts: readonly TarPart[]): Uint8Array<ArrayBuffer> {
  return concatBytes([...parts.map(tarPart), new Uint8Array(1024)]);
}

export function makeTarGz(parts: readonly TarPart[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(makeTar(parts)));
}
