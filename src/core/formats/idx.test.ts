import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { imagesFromIdx } from './idx-images.ts';
import { parseIdx, readIdx } from './idx.ts';

/** An IDX file, written the slow and obvious way. */
function idx(type: number, dims: number[], payload: ArrayLike<number>): Uint8Array {
  const bytes = [0, 0, type, dims.length];
  for (const side of dims)
    bytes.push((side >>> 24) & 255, (side >>> 16) & 255, (side >>> 8) & 255, side & 255);
  return Uint8Array.from([...bytes, ...Array.from(payload)]);
}

const pixels = (count: number): number[] => Array.from({ length: count }, (_, index) => (index * 7) % 256);
const images = { name: 'train-images', bytes: idx(8, [4, 3, 5], pixels(60)) };
const labels = { name: 'train-labels', bytes: idx(8, [4], [2, 0, 9, 2]) };

function faultOf(run: () => unknown): LabError {
  try {
    run();
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseIdx', () => {
  it('reads each type by name and leaves the bytes as they are', () => {
    const types = [
      [0x08, 'ubyte', 1],
      [0x09, 'byte', 1],
      [0x0b, 'short', 2],
      [0x0c, 'int', 4],
      [0x0d, 'float', 4],
      [0x0e, 'double', 8],
    ] as const;
    for (const [code, name, size] of types) {
      const read = parseIdx('f', idx(code, [2, 3], pixels(6 * size)));
      expect(read).toMatchObject({ type: name, dims: [2, 3] });
      expect([...read.data]).toEqual(pixels(6 * size));
    }
  });

  it('says where a truncated file ends and what it should hold', () => {
    const fault = faultOf(() => parseIdx('cut', images.bytes.subarray(0, 70)));
    expect(fault.code).toBe('E-DATASET');
    expect(fault.where).toBe('cut, byte 70');
    expect(fault.why).toContain('4 x 3 x 5 values, 76 bytes');
    expect(faultOf(() => parseIdx('cut', images.bytes.subarray(0, 9))).why).toContain(
      'header needs 16 bytes',
    );
    expect(faultOf(() => parseIdx('cut', new Uint8Array(0))).where).toBe('cut, byte 0');
  });

  it('refuses bytes after the end', () => {
    const fault = faultOf(() => parseIdx('long', Uint8Array.of(...images.bytes, 0)));
    expect(fault.what).toBe('long is too long.');
    expect(fault.where).toBe('long, byte 76');
  });

  it('refuses a wrong magic and says what the file looks like', () => {
    expect(faultOf(() => parseIdx('p', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2))).why).toContain('PNG');
    expect(faultOf(() => parseIdx('p', new TextEncoder().encode('<!doctype html>'))).why).toContain(
      'web page',
    );
    expect(faultOf(() => parseIdx('p', idx(0x0a, [1], [1]))).where).toBe('p, byte 2');
    expect(faultOf(() => parseIdx('p', idx(0x08, [], []))).where).toBe('p, byte 3');
  });

  it('refuses absurd dimensions before it multiplies itself into trouble', () => {
    const huge = idx(8, [0xffffffff, 0xffffffff, 0xffffffff], []);
    expect(faultOf(() => parseIdx('huge', huge))).toMatchObject({ code: 'E-DATASET', where: 'huge, byte 4' });
    expect(faultOf(() => parseIdx('huge', idx(8, [0x10000, 0x10000], []))).where).toBe('huge, byte 8');
    const many = new Uint8Array(4 + 255 * 4).fill(255);
    many.set([0, 0, 8, 255]);
    expect(faultOf(() => parseIdx('many', many)).code).toBe('E-DATASET');
  });

  it('answers any bytes with an array or a coded error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (bytes, plausible) => {
        if (plausible) bytes.set([0, 0, 8].slice(0, bytes.length));
        try {
          const read = parseIdx('any', bytes);
          expect(read.data.length).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
    );
  });
});

describe('readIdx', () => {
  it('reads a gzip file as it reads the plain one', async () => {
    const zipped = { name: 'z', bytes: new Uint8Array(gzipSync(images.bytes)) };
    expect(await readIdx(zipped)).toEqual(await readIdx(images));
  });

  it('refuses a corrupt gzip file', async () => {
    const bytes = new Uint8Array(gzipSync(images.bytes)).subarray(0, 30);
    await expect(readIdx({ name: 'z.gz', bytes })).rejects.toThrow(/E-DATASET: z\.gz is a corrupt gzip file/);
  });
});

describe('imagesFromIdx', () => {
  it('pairs images with labels', async () => {
    const { shape, split } = await imagesFromIdx(images, labels);
    expect(shape).toEqual({ height: 3, width: 5, channels: 1 });
    expect(split.count).toBe(4);
    expect([...split.labels]).toEqual([2, 0, 9, 2]);
    expect([...split.images]).toEqual(pixels(60));
  });

  it('reads colour images', async () => {
    const colour = { name: 'c', bytes: idx(8, [4, 2, 2, 3], pixels(48)) };
    expect((await imagesFromIdx(colour, labels)).shape).toEqual({ height: 2, width: 2, channels: 3 });
  });

  it('says when the two files are swapped', async () => {
    await expect(imagesFromIdx(labels, images)).rejects.toThrow(/train-labels holds labels, not images/);
    await expect(imagesFromIdx(images, images)).rejects.toThrow(/train-images holds images, not labels/);
  });

  it('says when the counts differ', async () => {
    const fewer = { name: 't10k-labels', bytes: idx(8, [3], [1, 2, 3]) };
    await expect(imagesFromIdx(images, fewer)).rejects.toThrow(/has 4 images and t10k-labels has 3 labels/);
  });

  it('refuses other types, other shapes and nothing at all', async () => {
    const floats = { name: 'f', bytes: idx(0x0d, [1, 1, 1], [0, 0, 0, 0]) };
    await expect(imagesFromIdx(floats, labels)).rejects.toThrow(/type float/);
    for (const dims of [
      [2, 2],
      [1, 1, 1, 2],
      [1, 1, 1, 1, 1],
      [1, 0, 4],
      [1, 5000, 1],
    ]) {
      const odd = { name: 'odd', bytes: idx(8, dims, pixels(dims.reduce((a, b) => a * b, 1))) };
      await expect(imagesFromIdx(odd, labels)).rejects.toThrow(/odd does not hold images/);
    }
    await expect(imagesFromIdx({ name: 'none', bytes: idx(8, [0, 3, 3], []) }, labels)).rejects.toThrow(
      /none is empty/,
    );
  });
});
