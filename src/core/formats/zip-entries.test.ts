import { execFileSync, spawnSync } from 'node:child_process';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SourceFile } from '../datasets/loaders/loader.ts';
import { memoryFile } from '../datasets/loaders/source-files.ts';
import { LabError } from '../errors.ts';
import { type ArchiveOptions, MAX_ENTRIES } from './archive.ts';
import { viewOf } from './bytes.ts';
import { readZipDirectory } from './zip-directory.ts';
import { zipEntries } from './zip-entries.ts';

const random = Uint8Array.from({ length: 50_001 }, (_, index) => (index * index * 7 + (index >> 5)) % 251);
const good = zipSync({
  'a/': new Uint8Array(0),
  'a/x.txt': new TextEncoder().encode('hello'),
  'a/y.bin': [random, { level: 0 }],
  'b/z.bin': random,
});

const PYTHON = spawnSync('python3', ['-c', 'import zipfile']).status === 0;

async function read(
  file: Uint8Array | SourceFile,
  options?: ArchiveOptions,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const entry of zipEntries(
    file instanceof Uint8Array ? memoryFile('a.zip', file) : file,
    options,
  )) {
    found.set(entry.path, await entry.bytes());
  }
  return found;
}

/** Where the nth directory record begins. */
function recordAt(bytes: Uint8Array, nth = 0): number {
  const view = viewOf(bytes);
  let left = nth;
  for (let at = 0; at < bytes.length - 4; at++)
    if (view.getUint32(at, true) === 0x02014b50 && left-- === 0) return at;
  throw new Error('no record');
}

describe('a zip that is read in ranges', () => {
  it('gives its files, stored and deflated', async () => {
    const found = await read(good);
    expect([...found.keys()]).toEqual(['a/x.txt', 'a/y.bin', 'b/z.bin']);
    expect(Buffer.from(found.get('a/y.bin') ?? []).equals(Buffer.from(random))).toBe(true);
    expect(Buffer.from(found.get('b/z.bin') ?? []).equals(Buffer.from(random))).toBe(true);
  });

  it.skipIf(!PYTHON)(
    'is read as Python writes it with Zip64 records, for a stream and for many files',
    async () => {
      const script = [
        'import zipfile, sys, io',
        'out = io.BytesIO()',
        "z = zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, allowZip64=True)",
        "with z.open('big.txt', 'w', force_zip64=True) as f: f.write(b'hello' * 100)",
        "for n in range(66000): z.writestr(zipfile.ZipInfo('d/%d' % n), b'x')",
        'z.close(); sys.stdout.buffer.write(out.getvalue())',
      ].join('\n');
      const bytes = new Uint8Array(execFileSync('python3', ['-c', script], { maxBuffer: 2 ** 28 }));
      let count = 0;
      for await (const { path, size } of zipEntries(memoryFile('many.zip', bytes))) {
        count++;
        if (path === 'big.txt') expect(size).toBe(500);
      }
      expect(count).toBe(66_001);
      await expect(read(bytes, { maxEntries: 66_000 })).rejects.toThrow(/66,001 entries/);
    },
  );

  it('reads small files that lie together at once, and holds little of a large one', async () => {
    const many = zipSync(
      Object.fromEntries(
        Array.from({ length: 500 }, (_, index) => [`f${index}`, new Uint8Array(20).fill(index % 251)]),
      ),
    );
    const whole = memoryFile('many.zip', many);
    let reads = 0;
    let most = 0;
    const watched: SourceFile = {
      ...whole,
      stream: () => {
        throw new Error('not streamed');
      },
      bytes: (from, to) => {
        reads++;
        most = Math.max(most, to - from);
        return whole.bytes(from, to);
      },
    };
    expect((await read(watched)).size).toBe(500);
    expect(reads).toBeLessThan(5);
    expect(most).toBeLessThanOrEqual(2 ** 20);
  });
});

describe('a hostile or damaged zip', () => {
  it.each(['../x', 'a/../../x', '..\\x', '/etc/x', 'C:/x'])(
    'is refused for the path %s, before anything is unpacked',
    async (path) => {
      const bytes = zipSync({ 'a.txt': Uint8Array.of(1), [path]: Uint8Array.of(1) });
      const seen: string[] = [];
      const reading = async () => {
        for await (const entry of zipEntries(memoryFile('a.zip', bytes))) seen.push(entry.path);
      };
      await expect(reading()).rejects.toMatchObject({ code: 'E-DATASET' });
      expect(seen).toEqual([]);
    },
  );

  it('is refused as a bomb: by what it claims, by its bound, and when it lies about its size', async () => {
    const bomb = zipSync({ zeros: new Uint8Array(90_000_000) });
    await expect(read(bomb)).rejects.toThrow(/unpacks to more than/);
    const view = viewOf(bomb);
    view.setUint32(recordAt(bomb) + 24, 1000, true);
    await expect(read(bomb)).rejects.toThrow(/zeros" (cannot be decompressed|is damaged)/);
    await expect(read(good, { maxEntryBytes: 1000 })).rejects.toThrow(/more than 1,000/);
  });

  it('is refused as a bomb of files that share their contents', async () => {
    const bytes = zipSync({ a: new Uint8Array(60_000_000), b: new Uint8Array(60_000_000) });
    const view = viewOf(bytes);
    view.setUint32(recordAt(bytes, 1) + 42, view.getUint32(recordAt(bytes, 0) + 42, true), true);
    await expect(read(bytes)).rejects.toThrow(/unpacks to more than/);
  });

  /** A zip whose end record claims more than the old form can: it points to a Zip64 record. */
  const claiming = (entries: number, directoryBytes: number): Uint8Array => {
    const end64 = new Uint8Array(56 + 20);
    const view = viewOf(end64);
    view.setUint32(0, 0x06064b50, true);
    view.setBigUint64(32, BigInt(entries), true);
    view.setBigUint64(40, BigInt(directoryBytes), true);
    view.setUint32(56, 0x07064b50, true);
    view.setBigUint64(64, BigInt(good.length - 22), true);
    const end = good.slice(-22);
    viewOf(end).setUint16(10, 0xffff, true);
    return new Uint8Array([...good.subarray(0, -22), ...end64, ...end]);
  };

  it('is refused for ten million entries before their names are read', async () => {
    await expect(read(claiming(10_000_000, 100))).rejects.toThrow(/10,000,000 entries, more than 1,500,000/);
  });

  it('may be of ImageNet’s size: only its directory, of 148 MiB, is asked for', async () => {
    const pictures = 1_281_167 + 50_000 + 100_000;
    const directoryBytes = 148 * 2 ** 20;
    const tail = claiming(pictures, directoryBytes);
    const size = 150 * 2 ** 30;
    const asked: number[] = [];
    // All but its end is empty, and the directory is said to begin at 0.
    const file: SourceFile = {
      name: 'imagenet.zip',
      size,
      stream: () => new ReadableStream(),
      bytes: (from, to) => {
        asked.push(to - from);
        if (from === 0) return Promise.resolve(new Uint8Array(0));
        if (to < size) return Promise.resolve(tail.slice(-98, -42));
        const end = new Uint8Array(to - from);
        end.set(tail.slice(-98), end.length - 98);
        return Promise.resolve(end);
      },
    };
    expect(await readZipDirectory(file, MAX_ENTRIES)).toHaveLength(0);
    expect(asked.at(-1)).toBe(directoryBytes);
    await expect(readZipDirectory(file, pictures - 1)).rejects.toThrow(/1,431,167 entries/);
  });

  it('is refused where it is encrypted, packed otherwise or cut short', async () => {
    const changed = (offset: number, value: number) => {
      const bytes = good.slice();
      viewOf(bytes).setUint16(recordAt(bytes, 1) + offset, value, true);
      return bytes;
    };
    await expect(read(changed(8, 1))).rejects.toThrow(/encrypted/);
    await expect(read(changed(10, 12))).rejects.toThrow(/method 12/);
    for (const length of [0, 3, 21, 100, good.length - 1]) {
      await expect(read(good.subarray(0, length))).rejects.toThrow(/no end record/);
    }
    await expect(read(good.subarray(100))).rejects.toBeInstanceOf(LabError);
  });

  it('answers any damage with files or a coded error', async () => {
    const small = zipSync({
      'a/x.txt': new TextEncoder().encode('hello '.repeat(40)),
      y: Uint8Array.of(1, 2, 3),
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(small.length - 1), fc.nat(255), async (at, byte) => {
        const damaged = small.slice();
        damaged[at] = byte;
        await read(damaged).catch((error: unknown) => expect(error).toBeInstanceOf(LabError));
      }),
      { numRuns: 300 },
    );
  });
});
