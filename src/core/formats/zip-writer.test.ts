import { describe, expect, it } from 'vitest';
import { memoryFile } from '../datasets/loaders/source-files.ts';
import { concatBytes, viewOf } from './bytes.ts';
import { readZip } from './zip.ts';
import { zipEntries } from './zip-entries.ts';
import { ZipWriter } from './zip-writer.ts';

function zipOf(files: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const writer = new ZipWriter();
  const parts = files.map(([path, contents]) => writer.file(path, contents));
  return concatBytes([...parts, writer.end()]);
}

describe('a zip that is written piece by piece', () => {
  it('is read back, checksums and all, by both readers', async () => {
    const files = [
      ['a/ü.txt', Uint8Array.of(1, 2, 3)],
      ['empty', new Uint8Array(0)],
      ['b.bin', Uint8Array.from({ length: 70_000 }, (_, at) => at % 253)],
    ] as const;
    const zip = zipOf(files);
    expect([...readZip(zip)]).toEqual(files.map(([path, contents]) => [path, contents]));
    const found: [string, Uint8Array][] = [];
    for await (const entry of zipEntries(memoryFile('a.zip', zip)))
      found.push([entry.path, await entry.bytes()]);
    expect(found).toEqual(files);
    expect(zipOf(files)).toEqual(zip);
  });

  it('of more than 65,535 files has the records of Zip64', async () => {
    const zip = zipOf(
      Array.from({ length: 70_000 }, (_, at) => [`f/${at}`, Uint8Array.of(at & 255)] as const),
    );
    expect(viewOf(zip).getUint16(zip.length - 12, true)).toBe(0xffff);
    let count = 0;
    for await (const entry of zipEntries(memoryFile('a.zip', zip), { maxBytes: 1e6 })) {
      if (count % 7000 === 0) expect([...(await entry.bytes())]).toEqual([count & 255]);
      count++;
    }
    expect(count).toBe(70_000);
  });
});
