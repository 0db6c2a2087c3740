import { describe, expect, it } from 'vitest';
import { type PixelFile, StoredPixels } from './stored-pixels.ts';

/** Rows of `rowBytes` bytes, each full of its number; made when they are asked for, so that there may be gigabytes. */
function numbered(rows: number, rowBytes: number) {
  const reads: [number, number][] = [];
  let broken = false;
  const file: PixelFile = {
    name: 'made.pixels',
    size: rows * rowBytes,
    bytes: async (from, to) => {
      await Promise.resolve();
      reads.push([from / rowBytes, to / rowBytes]);
      if (broken) throw new Error('no disk');
      const bytes = new Uint8Array(to - from);
      for (let at = 0; at < bytes.length; at += rowBytes)
        bytes.fill(((from + at) / rowBytes) % 251, at, at + rowBytes);
      return bytes;
    },
  };
  return { file, reads, breakIt: (how: boolean) => (broken = how) };
}

describe('images in a file', () => {
  it('are read by their rows, those that lie together at once, each once', async () => {
    const { file, reads } = numbered(100, 3);
    const pixels = new StoredPixels(file, 3);
    const found = await pixels.read([7, 50, 6, 5, 7, 99]);
    expect([...found.keys()].sort((a, b) => a - b)).toEqual([5, 6, 7, 50, 99]);
    for (const [row, image] of found) expect([...image]).toEqual([row, row, row]);
    expect(reads.sort((a, b) => a[0] - b[0])).toEqual([
      [5, 8],
      [50, 51],
      [99, 100],
    ]);
    await pixels.read([6, 50]);
    expect(reads).toHaveLength(3);
  });

  it('that are read ahead are waited for, not read twice', async () => {
    const { file, reads } = numbered(100, 3);
    const pixels = new StoredPixels(file, 3);
    pixels.readAhead([1, 2, 3]);
    pixels.readAhead([3, 2]);
    expect((await pixels.read([3, 1])).get(3)).toEqual(Uint8Array.of(3, 3, 3));
    expect(reads).toEqual([[1, 4]]);
  });

  it('fail where they are read, not where they are read ahead, and are tried again', async () => {
    const { file, breakIt } = numbered(10, 3);
    const pixels = new StoredPixels(file, 3);
    breakIt(true);
    pixels.readAhead([1]);
    await expect(pixels.read([1])).rejects.toThrow('no disk');
    breakIt(false);
    expect((await pixels.read([1])).get(1)).toEqual(Uint8Array.of(1, 1, 1));
  });

  it('hold no more memory than their bound, however many are read', async () => {
    const { file } = numbered(100_000, 3 * 64 * 64);
    const pixels = new StoredPixels(file, 3 * 64 * 64, 2 ** 20);
    for (let step = 0; step < 40; step++) {
      const rows = Array.from({ length: 64 }, (_, at) => (step * 7919 + at * 104_729) % 100_000);
      pixels.readAhead(rows.map((row) => (row + 1) % 100_000));
      const found = await pixels.read(rows);
      for (const row of rows) expect(found.get(row)?.[0]).toBe(row % 251);
      expect(pixels.heldBytes).toBeLessThanOrEqual(2 ** 20);
    }
  });

  it('of a file that is cut short are refused', async () => {
    expect(() => new StoredPixels({ ...numbered(4, 3).file, size: 11 }, 3)).toThrow(
      /E-DATASET.*whole number/s,
    );
    const { file } = numbered(4, 3);
    const short = new StoredPixels({ ...file, bytes: () => Promise.resolve(new Uint8Array(2)) }, 3);
    await expect(short.read([2])).rejects.toThrow(/E-DATASET.*Image 2 is missing/s);
  });
});
