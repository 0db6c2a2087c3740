import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32, hex } from './bytes.ts';
import { gunzip, gunzipByFflate, gunzipByStream, isGzip } from './gzip.ts';

const contents = Uint8Array.from({ length: 300_001 }, (_, index) => (index * index) % 251);
const zipped = new Uint8Array(gzipSync(contents));

const ways: [string, typeof gunzipByStream][] = [
  ['the platform', gunzipByStream],
  ['fflate', (...given) => Promise.resolve().then(() => gunzipByFflate(...given))],
];

describe.each(ways)('gunzip by %s', (_name, unzip) => {
  it('gives the contents back', async () => {
    expect(hex(await unzip(zipped))).toBe(hex(contents));
    expect(await unzip(new Uint8Array(gzipSync(new Uint8Array(0))))).toHaveLength(0);
  });

  it('refuses a file that is cut short, anywhere', async () => {
    for (const length of [2, 9, 17, 1000, zipped.length - 9, zipped.length - 3]) {
      await expect(unzip(zipped.subarray(0, length), { file: 'a.gz' })).rejects.toThrow(
        /E-DATASET: a\.gz is a corrupt gzip file/,
      );
    }
  });

  it('refuses a flipped bit in the data and in the checksum', async () => {
    for (const at of [Math.floor(zipped.length / 2), zipped.length - 6]) {
      const damaged = zipped.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 4;
      await expect(unzip(damaged)).rejects.toThrow(/E-DATASET.*corrupt/);
    }
  });

  it('stops a file that expands past the bound', async () => {
    const bomb = new Uint8Array(gzipSync(new Uint8Array(20_000_000)));
    expect(bomb.length).toBeLessThan(30_000);
    await expect(unzip(bomb, { maxBytes: 1_000_000, file: 'bomb.gz' })).rejects.toThrow(
      /bomb\.gz expands to more than 1,000,000 bytes/,
    );
    expect(await unzip(zipped, { maxBytes: contents.length })).toHaveLength(contents.length);
  });
});

describe('gunzip', () => {
  it('knows a gzip file by its first two bytes', () => {
    expect(isGzip(zipped)).toBe(true);
    expect(isGzip(contents)).toBe(false);
    expect(isGzip(Uint8Array.of(0x1f))).toBe(false);
  });

  it('reads a view into shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(zipped.length + 3), 3);
    shared.set(zipped);
    expect(await gunzip(shared)).toHaveLength(contents.length);
  });

  it('counts CRC-32 as the standard does', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});
