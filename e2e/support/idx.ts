/** A small data set of a person's own, as IDX files: bars that stand, lie or lean, each a little different. */
import { randomStream } from '../../src/core/rng/random.ts';

const HEIGHT = 20;
const WIDTH = 24;

export interface IdxFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Images [count, 20, 24] of three classes and their labels. */
export function bars(count: number, stem = 'bars'): { images: IdxFile; labels: IdxFile } {
  const random = randomStream(11, 'data');
  const images = new Uint8Array(count * HEIGHT * WIDTH);
  const labels = new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const kind = index % 3;
    const at = 2 + random.int(0, HEIGHT - 5);
    labels[index] = kind;
    for (let along = 1; along < HEIGHT - 1; along++) {
      const [row, column] = kind === 0 ? [along, at] : kind === 1 ? [at, along] : [along, along];
      images[(index * HEIGHT + row) * WIDTH + column] = 160 + random.int(0, 95);
    }
  }
  return {
    images: file(`${stem}-images-idx3-ubyte`, [count, HEIGHT, WIDTH], images),
    labels: file(`${stem}-labels-idx1-ubyte`, [count], labels),
  };
}

function file(name: string, dims: number[], data: Uint8Array): IdxFile {
  const header = Buffer.alloc(4 + 4 * dims.length);
  header[2] = 0x08;
  header[3] = dims.length;
  dims.forEach((side, index) => header.writeUInt32BE(side, 4 + 4 * index));
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.concat([header, data]) };
}

/** The same file, cut off after `bytes`. */
export const cut = (from: IdxFile, bytes: number): IdxFile => ({
  ...from,
  buffer: from.buffer.subarray(0, bytes),
});
