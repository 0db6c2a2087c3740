import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../datasets/loaders/loader.ts';
import { memoryFile } from '../datasets/loaders/source-files.ts';
import { LabError } from '../errors.ts';
import type { ArchiveOptions } from './archive.ts';
import { concatBytes } from './bytes.ts';
import { isTar, tarEntries } from './tar.ts';
import type { TarPart } from './tar.test-support.ts';
import { makeTar, makeTarGz, tarPart } from './tar.test-support.ts';

const random = Uint8Array.from({ length: 70_001 }, (_, index) => (index * index * 7 + (index >> 5)) % 251);

async function read(
  file: Uint8Array | SourceFile,
  options?: ArchiveOptions,
): Promise<Map<string, Uint8Array>> {
  const source = file instanceof Uint8Array ? memoryFile('a.tar', file) : file;
  const found = new Map<string, Uint8Array>();
  for await (const entry of tarEntries(source, options)) {
    const bytes = await entry.bytes();
    expect(bytes).toHaveLength(entry.size);
    found.set(entry.path, bytes);
  }
  return found;
}

const parts: TarPart[] = [
  { path: 'top/', type: '5' },
  { path: './top/a.txt', contents: 'hello' },
  { path: 'top/link', type: '2', size: 5 },
  { path: 'b.bin', contents: random, prefix: 'top/sub' },
  { path: 'top/empty' },
];

describe('a tar file', () => {
  it.each([
    ['plain', makeTar(parts)],
    ['gzip', makeTarGz(parts)],
  ])('gives its files and leaves out folders and links, %s', async (_name, bytes) => {
    const found = await read(bytes);
    expect([...found.keys()]).toEqual(['top/a.txt', 'top/sub/b.bin', 'top/empty']);
    expect(new TextDecoder().decode(found.get('top/a.txt'))).toBe('hello');
    expect(Buffer.from(found.get('top/sub/b.bin') ?? []).equals(Buffer.from(random))).toBe(true);
    expect(await isTar(memoryFile('x', bytes))).toBe(true);
  });

  it('passes over contents that nobody reads', async () => {
    const paths: string[] = [];
    for await (const { path: name } of tarEntries(memoryFile('a.tar.gz', makeTarGz(parts)))) paths.push(name);
    expect(paths).toEqual(['top/a.txt', 'top/sub/b.bin', 'top/empty']);
  });

  it.each(['ustar', 'gnu', 'pax', 'posix'])(
    'is read as GNU tar writes it in its format %s',
    async (format) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'lab-tar-'));
      try {
        const long = path.join('x'.repeat(60), 'y'.repeat(60), `${'z'.repeat(80)}.txt`);
        const longer = path.join('w'.repeat(format === 'ustar' ? 20 : 150), 'ü.txt');
        for (const name of [long, longer]) {
          mkdirSync(path.dirname(path.join(folder, 'in', name)), { recursive: true });
          writeFileSync(path.join(folder, 'in', name), name);
        }
        symlinkSync('/etc/passwd', path.join(folder, 'in', 'outside'));
        const tar = path.join(folder, 'a.tgz');
        execFileSync('tar', ['czf', tar, '-C', path.join(folder, 'in'), `--format=${format}`, '.']);
        const bytes = new Uint8Array(execFileSync('cat', [tar]));
        const found = await read(bytes);
        expect([...found.keys()].sort()).toEqual([longer, long].sort());
        expect(new TextDecoder().decode(found.get(longer))).toBe(longer);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  it('tells how many packed bytes were read', async () => {
    const bytes = makeTarGz(parts);
    let last = 0;
    await read(bytes, { onBytes: (done) => (last = done) });
    expect(last).toBe(bytes.length);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const reading = async () => {
      for await (const entry of tarEntries(memoryFile('a', makeTar([...parts, ...parts])), {
        signal: stop.signal,
      })) {
        stop.abort();
        await entry.bytes();
      }
    };
    // What is in memory already comes in one piece: the signal counts from the next on.
    await reading().catch((error: unknown) => expect(error).toMatchObject({ code: 'E-CANCELLED' }));
    await expect(read(makeTar(parts), { signal: stop.signal })).rejects.toMatchObject({
      code: 'E-CANCELLED',
    });
  });
});

describe('a hostile or damaged tar file', () => {
  it.each([
    ['../../etc/passwd', /leads out/],
    ['a/../../b', /leads out/],
    ['..\\..\\b', /leads out/],
    ['/etc/passwd', /absolute path/],
    ['C:\\windows\\x', /absolute path/],
  ])('is refused for the path %s', async (bad, why) => {
    await expect(read(makeTar([{ path: bad, contents: 'x' }]))).rejects.toMatchObject({
      code: 'E-DATASET',
      why: expect.stringMatching(why) as unknown,
    });
  });

  it('is refused cut short, anywhere, plain and gzip', async () => {
    for (const whole of [makeTar(parts), makeTarGz(parts)]) {
      const gzip = whole[0] === 0x1f;
      for (const length of [0, 1, 100, 511, 512, 600, 1024, 3000, whole.length - 1024, whole.length - 3]) {
        if (length >= whole.length || (!gzip && length > whole.length - 1024)) continue;
        await expect(read(whole.subarray(0, length)), `${length} of ${whole.length}`).rejects.toMatchObject({
          code: 'E-DATASET',
        });
      }
    }
  });

  it('is refused for a size past the end, without memory for it', async () => {
    const lying = concatBytes([
      tarPart({ path: 'x', contents: 'abc', size: 200_000_000 }),
      new Uint8Array(1024),
    ]);
    await expect(read(lying)).rejects.toThrow(/cut short/);
    const huge = makeTar([{ path: 'x', contents: 'abc', size: 2 ** 32 }]);
    await expect(read(huge)).rejects.toThrow(/more than 268,435,456/);
  });

  it('is refused for a wrong checksum or no magic', async () => {
    const damaged = makeTar(parts);
    damaged[513] = 65;
    await expect(read(damaged)).rejects.toThrow(/checksum of the entry at byte 512/);
    await expect(read(new Uint8Array(2000).fill(65))).rejects.toThrow(/no tar file/);
    expect(await isTar(memoryFile('x', new Uint8Array(2000).fill(65)))).toBe(false);
    expect(await isTar(memoryFile('x', new Uint8Array(gzipSync('hello'))))).toBe(false);
  });

  it('is refused for a flipped bit in a gzip, also in its checksum', async () => {
    const bytes = makeTarGz(parts);
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1;
    await expect(read(bytes)).rejects.toThrow(/E-DATASET.*damaged/);
  });

  it('is refused when it unpacks past its bound', async () => {
    const bomb = makeTarGz([{ path: 'zeros', contents: new Uint8Array(100_000_000) }]);
    expect(bomb.length).toBeLessThan(110_000);
    let most = 0;
    const reading = async () => {
      for await (const entry of tarEntries(memoryFile('bomb.tgz', bomb))) most = Math.max(most, entry.size);
    };
    await expect(reading()).rejects.toThrow(/bomb\.tgz cannot be unpacked.*unpacks to more than/);
  });

  it('is refused for too many entries', async () => {
    const many = makeTarGz(Array.from({ length: 30 }, (_, index) => ({ path: `d${index}/`, type: '5' })));
    await expect(read(many, { maxEntries: 29 })).rejects.toThrow(/more than 29 entries/);
    expect((await read(many, { maxEntries: 30 })).size).toBe(0);
  });

  it('answers any damage with files or a coded error', async () => {
    const good = makeTar(parts.filter(({ contents }) => contents !== random));
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = good.slice();
        damaged[at] = byte;
        await read(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(LabError));
      }),
      { numRuns: 300 },
    );
  });
});
