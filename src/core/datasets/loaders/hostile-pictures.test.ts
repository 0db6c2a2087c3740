/** Every loader of pictures against files that are cut short, mislabelled or made to harm. */
import { zipSync } from 'fflate';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LabError } from '../../errors.ts';
import { concatBytes, viewOf } from '../../formats/bytes.ts';
import { pictureDecoder } from '../../formats/decode-picture.ts';
import { jpegWasm } from '../../formats/jpeg-wasm.node.ts';
import { makeTar, makeTarGz, tarPart } from '../../formats/tar.test-support.ts';
import { encodePng } from '../../formats/png.ts';
import { chooseLoader } from './choose-loader.ts';
import { imageLoaders } from './image-loaders.ts';
import type { SourceFile } from './loader.ts';
import { loadRequest, plainPng } from './pictures.test-support.ts';
import { sourceEntries } from './source-entries.ts';
import { memoryFile } from './source-files.ts';

const loaders = imageLoaders(pictureDecoder(jpegWasm));
const MIB = 2 ** 20;
const text = (contents: string): Uint8Array => new TextEncoder().encode(contents);

type Files = Record<string, Uint8Array>;

const noise = (width: number, height: number, seed: number): Uint8Array =>
  encodePng({
    width,
    height,
    channels: 3,
    data: Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 7919 + seed * 104_729) % 251),
  });

function cifar(label = 1): Files {
  const batch = Uint8Array.from({ length: 4 * 3073 }, (_, at) => (at % 3073 === 0 ? label : at % 251));
  return {
    'cifar-10-batches-bin/data_batch_1.bin': batch,
    'cifar-10-batches-bin/test_batch.bin': batch.slice(),
  };
}

function pipa(): Files {
  const lines = [1, 2, 3, 4].map((n) => `100 ${n} 0 0 5 5 ${n} ${n < 4 ? 1 : 3}`);
  const more = [1, 2].map((n) => `100 ${n} 4 0 5 5 9 1`);
  return {
    'pipa/annotations/index.txt': text([...lines, ...more].join('\n')),
    ...Object.fromEntries([1, 2, 3].map((n) => [`pipa/train/100_${n}.png`, noise(12, 8, n)])),
    'pipa/test/100_4.png': noise(12, 8, 4),
  };
}

/** A sound set of each layout, and the name of an archive by which it is known. */
const LAYOUTS: { loader: string; archive: string; files: Files }[] = [
  { loader: 'cifar10', archive: 'cifar-10-binary', files: cifar() },
  {
    loader: 'image-folder',
    archive: 'pictures',
    files: Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((n) => [`set/${n % 2 ? 'ant' : 'bee'}/${n}.png`, noise(9, 7, n)]),
    ),
  },
  {
    loader: 'identities',
    archive: 'vggface2',
    files: Object.fromEntries(
      [0, 1, 2, 3, 4, 5].map((n) => [`train/n00000${n % 2}/${n}.png`, noise(9, 7, n)]),
    ),
  },
  { loader: 'pipa', archive: 'pipa', files: pipa() },
];

const zip = (name: string, files: Files): SourceFile =>
  memoryFile(`${name}.zip`, zipSync(files, { level: 6 }));
const tarGz = (name: string, files: Files): SourceFile =>
  memoryFile(
    `${name}.tar.gz`,
    makeTarGz(Object.entries(files).map(([path, contents]) => ({ path, contents }))),
  );

/** What reading a file is refused with. */
async function refusal(loader: string, files: readonly SourceFile[]): Promise<LabError> {
  const failed: unknown = await chooseLoader(loaders, files, loader)
    .then((one) => one.read(files, loadRequest({ image: { size: 8, channels: 3 } })))
    .catch((thrown: unknown) => thrown);
  if (!(failed instanceof LabError)) throw new Error(`${loader} took it: ${String(failed)}`);
  expect(failed.message.length).toBeLessThan(2000);
  return failed;
}

async function bytesOf(file: SourceFile): Promise<Uint8Array> {
  return file.bytes(0, file.size);
}

/** A zip whose directory claims ten million files. */
function tooManyEntries(name: string): SourceFile {
  const record = zipSync({ 'a/1.png': plainPng(1, 1, [1, 2, 3]) });
  const end = record.slice(-22);
  const view = viewOf(end);
  // Zip64: the true number stands in a record of its own.
  view.setUint16(8, 0xffff, true);
  view.setUint16(10, 0xffff, true);
  const at = record.length - 22;
  const long = new Uint8Array(56 + 20);
  const wide = viewOf(long);
  wide.setUint32(0, 0x06064b50, true);
  wide.setBigUint64(4, 44n, true);
  for (const place of [24, 32]) wide.setBigUint64(place, 10_000_000n, true);
  wide.setUint32(56, 0x07064b50, true);
  wide.setBigUint64(64, BigInt(at), true);
  wide.setUint32(72, 1, true);
  return memoryFile(`${name}.zip`, concatBytes([record.slice(0, -22), long, end]));
}

/** A tar of a million empty files, made as it is read; how much was taken is counted. */
function millionTar(name: string): { file: SourceFile; given: () => number } {
  const part = concatBytes(
    Array.from({ length: 128 }, (_, at) => tarPart({ path: `set/a/${at}.png`, contents: '' })),
  );
  let given = 0;
  const size = 1_000_000 * 512;
  const file: SourceFile = {
    name: `${name}.tar`,
    size,
    bytes: (from, to) => Promise.resolve(part.slice(from, to)),
    stream: () =>
      new ReadableStream({
        pull(controller) {
          given += part.length;
          if (given >= size) controller.close();
          else controller.enqueue(part.slice());
        },
      }),
  };
  return { file, given: () => given };
}

/** Members one after another are one gzip: 16 times these zeros are a gigabyte. */
const ZEROS = new Uint8Array(gzipSync(new Uint8Array(64 * MIB), { level: 9 }));

/** A tar whose first file is a gigabyte of zeros in a megabyte. */
function bomb(name: string, path: string): SourceFile {
  const head = new Uint8Array(gzipSync(tarPart({ path, contents: '', size: 2 ** 30 })));
  return memoryFile(`${name}.tar.gz`, concatBytes([head, ...Array<Uint8Array>(16).fill(ZEROS)]));
}

/** Whatever a loader looks for, it is zeros: 144 MiB in 150 kB. */
const ZIP_BOMB = zipSync(
  Object.fromEntries(
    ['set/a/zeros.png', 'data_batch_1.bin', 'annotations/index.txt'].map(
      (path) => [path, new Uint8Array(48 * MIB)] as const,
    ),
  ),
  { level: 9 },
);

let peak = 0;
let watch: ReturnType<typeof setInterval>;
beforeAll(() => {
  const note = (): void => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + arrayBuffers);
  };
  watch = setInterval(note, 10);
});
afterAll(() => clearInterval(watch));

describe.each(LAYOUTS)('$loader', ({ loader, archive, files }) => {
  it('reads the sound set that the others are made from', async () => {
    for (const file of [zip(archive, files), tarGz(archive, files)]) {
      const found = await chooseLoader(loaders, [file], loader);
      const dataset = await found.read([file], loadRequest({ image: { size: 8, channels: 3 } }));
      expect(dataset.train.count).toBeGreaterThan(0);
    }
  });

  it('refuses an archive that is cut short, wherever', async () => {
    for (const whole of [zip(archive, files), tarGz(archive, files)]) {
      const bytes = await bytesOf(whole);
      for (const part of [0.2, 0.5, 0.9, 0.999]) {
        const cut = memoryFile(whole.name, bytes.slice(0, Math.floor(bytes.length * part)));
        expect((await refusal(loader, [cut])).code).toBe('E-DATASET');
      }
    }
  });

  it('refuses an archive with a path that leads out of it', async () => {
    for (const path of ['../../etc/a/1.png', '/etc/a/1.png', 'C:\\a\\1.png', 'a\\..\\..\\1.png']) {
      const hostile = { ...files, [path]: noise(9, 7, 1) };
      for (const file of [zip(archive, hostile), tarGz(archive, hostile)]) {
        const { code, why } = await refusal(loader, [file]);
        expect([code, why]).toEqual(['E-DATASET', expect.stringMatching(/leads out|absolute path/)]);
      }
    }
  });

  it('refuses a bomb without memory for it', async () => {
    const [path = ''] = Object.keys(files);
    peak = 0;
    const before = process.memoryUsage();
    for (const file of [bomb(archive, path), memoryFile(`${archive}.zip`, ZIP_BOMB)]) {
      expect((await refusal(loader, [file])).code).toBe('E-DATASET');
    }
    expect(peak - before.heapUsed - before.arrayBuffers).toBeLessThan(400 * MIB);
  }, 60_000);

  it('refuses ten million entries before their names are read', async () => {
    const { code, why } = await refusal(loader, [tooManyEntries(archive)]);
    expect([code, why]).toEqual(['E-DATASET', expect.stringContaining('10,000,000 entries')]);
  });

  it('refuses a file of another kind under its name', async () => {
    for (const contents of [
      text('<html>not found</html>'),
      new Uint8Array(5000),
      text('{}'),
      new Uint8Array(0),
    ]) {
      const { code } = await refusal(loader, [memoryFile(`${archive}.tar.gz`, contents)]);
      expect(code).toBe('E-DATASET');
    }
  });

  it('refuses pictures or records that are none', async () => {
    const broken = Object.fromEntries(
      Object.keys(files).map((path) => [path, text(`nothing ${path}`)] as const),
    );
    expect((await refusal(loader, [zip(archive, broken)])).code).toBe('E-DATASET');
    expect((await refusal(loader, [memoryFile('x.tar', makeTar([]))])).code).toBe('E-DATASET');
  });
});

it('a tar of a million entries is given up where its listing would be too long', async () => {
  const { file, given } = millionTar('set');
  const listed = async (): Promise<void> => {
    for await (const { path } of sourceEntries([file], { maxEntries: 20_000 })) expect(path).toMatch(/^set/);
  };
  await expect(listed()).rejects.toThrow(/E-DATASET.*more than 20,000 entries/s);
  expect(given()).toBeLessThan(11 * MIB);
});

it('files are refused by their number alone', async () => {
  const one = memoryFile('a/1.png', plainPng(1, 1, [1, 2, 3]));
  const files = new Array<SourceFile>(1_500_001).fill(one);
  await expect(sourceEntries(files).next()).rejects.toThrow(/E-DATASET.*1,500,001 files.*up to 1,500,000/s);
});

describe('labels that are wrong', () => {
  it('of CIFAR-10 name the record', async () => {
    const { why, where } = await refusal('cifar10', [tarGz('cifar-10-binary', cifar(10))]);
    expect(`${why} ${where ?? ''}`).toMatch(/10 classes.*record 0/);
  });

  it('of a table that names none of the pictures are told', async () => {
    const files = {
      'a.png': noise(4, 4, 1),
      'b.png': noise(4, 4, 2),
      'labels.csv': text('filename,label\nc.png,x\n'),
    };
    expect((await refusal('image-folder', [zip('p', files)])).what).toMatch(/Nothing tells the classes/);
  });

  it('of IDX that are not as many as the images, or of another kind, are told', async () => {
    const idx = (kind: number, dims: number[], bytes: number): Uint8Array => {
      const head = new Uint8Array(4 + 4 * dims.length);
      head.set([0, 0, kind, dims.length]);
      dims.forEach((side, at) => viewOf(head).setUint32(4 + 4 * at, side));
      return concatBytes([head, new Uint8Array(bytes)]);
    };
    const images = memoryFile('train-images-idx3-ubyte', idx(8, [4, 2, 2], 16));
    const labels = (bytes: Uint8Array): SourceFile => memoryFile('train-labels-idx1-ubyte', bytes);
    const wrong = [
      idx(8, [3], 3),
      idx(8, [4], 2),
      idx(13, [4], 16),
      text('hello'),
      idx(8, [4_000_000_000], 4),
      new Uint8Array(gzipSync(new Uint8Array(64 * MIB))),
    ];
    for (const bytes of wrong) {
      expect((await refusal('idx', [images, labels(bytes)])).code).toBe('E-DATASET');
    }
    const bombs = memoryFile(
      'train-images-idx3-ubyte.gz',
      new Uint8Array(gzipSync(idx(8, [4, 2, 2], 64 * MIB))),
    );
    expect((await refusal('idx', [bombs, labels(idx(8, [4], 4))])).code).toBe('E-DATASET');
  });
});
