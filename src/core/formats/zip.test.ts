import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { viewOf } from './bytes.ts';
import { isZip, readZip, writeZip } from './zip.ts';

const files = new Map([
  ['a.txt', new TextEncoder().encode('hello '.repeat(100))],
  ['folder/ü.bin', Uint8Array.from({ length: 1000 }, (_, index) => (index * index * 7) % 256)],
  ['empty', new Uint8Array(0)],
]);

describe('a zip file', () => {
  it('comes back as it was written, and is written the same each time', () => {
    const bytes = writeZip(files);
    expect(isZip(bytes)).toBe(true);
    expect(readZip(bytes)).toEqual(files);
    expect(writeZip(files)).toEqual(bytes);
  });

  it('is read with stored files, folders and a comment', () => {
    const stored = zipSync({ 'x/': new Uint8Array(0), 'x/y': [Uint8Array.of(1, 2, 3), { level: 0 }] });
    const commented = new Uint8Array([...stored, ...new TextEncoder().encode('a comment')]);
    expect(readZip(commented)).toEqual(new Map([['x/y', Uint8Array.of(1, 2, 3)]]));
  });

  it('is refused when it expands past the bound, also when it lies about its size', () => {
    const bomb = zipSync({ zeros: new Uint8Array(5_000_000) });
    expect(() => readZip(bomb, { maxBytes: 1_000_000, file: 'bomb.zip' })).toThrow(
      /E-MODEL: bomb\.zip .*more than 1,000,000 bytes/,
    );
    const view = viewOf(bomb);
    for (let at = 0; at < bomb.length - 4; at++) {
      if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 10, true);
    }
    expect(() => readZip(bomb, { maxBytes: 1_000_000 })).toThrow(/E-MODEL/);
  });

  it('is refused when a byte of its contents changed', () => {
    const bytes = writeZip(files);
    const at = 40; // within the packed contents of a.txt, which begin at 35
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    expect(() => readZip(bytes)).toThrow(/E-MODEL.*(damaged|decompressed)/);
  });

  it('is refused when it is cut short, empty or something else', () => {
    const bytes = writeZip(files);
    for (const length of [0, 3, 21, 40, bytes.length - 1]) {
      expect(() => readZip(bytes.subarray(0, length))).toThrow(/E-MODEL.*no end record/);
    }
    expect(() => readZip(bytes.subarray(10))).toThrow(LabError);
    expect(isZip(Uint8Array.of(0x50, 0x4b))).toBe(false);
  });

  it('answers any damage with files or a coded error', () => {
    const good = writeZip(files);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length), (at, byte, from) => {
        const damaged = good.slice(from % 3 === 0 ? from : 0);
        if (at < damaged.length) damaged[at] = byte;
        try {
          readZip(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
