import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { makeTar, makeTarGz } from '../../formats/tar.test-support.ts';
import { isImages, isStored } from '../dataset.ts';
import { cifar10Loader } from './cifar10.ts';
import { loadRequest } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';

const RECORD = 3073;
const NAMES = 'plane\ncar\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n';

/** Records whose pixel at (row, column) has red = row, green = column + 50, blue = record + 100. */
function batch(labels: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(labels.length * RECORD);
  labels.forEach((label, index) => {
    bytes[index * RECORD] = label;
    for (let pixel = 0; pixel < 1024; pixel++) {
      bytes[index * RECORD + 1 + pixel] = pixel >> 5;
      bytes[index * RECORD + 1 + 1024 + pixel] = (pixel & 31) + 50;
      bytes[index * RECORD + 1 + 2048 + pixel] = index + 100;
    }
  });
  return bytes;
}

const parts = [
  { path: 'cifar-10-batches-bin/data_batch_2.bin', contents: batch([7]) },
  { path: 'cifar-10-batches-bin/data_batch_1.bin', contents: batch([3, 9, 0]) },
  { path: 'cifar-10-batches-bin/batches.meta.txt', contents: NAMES },
  { path: 'cifar-10-batches-bin/readme.html', contents: '<p>' },
  { path: 'cifar-10-batches-bin/test_batch.bin', contents: batch([1, 2]) },
];
const archive = (name = 'cifar-10-binary.tar.gz') => memoryFile(name, makeTarGz(parts));

async function read(files: Parameters<typeof cifar10Loader.read>[0]) {
  const dataset = await cifar10Loader.read(files, loadRequest());
  if (!isImages(dataset) || isStored(dataset)) throw new Error('no images');
  return dataset;
}

describe('CIFAR-10', () => {
  it('is read from its archive: labels, names, and planes turned into pixels', async () => {
    expect(await cifar10Loader.accepts([archive()])).toBe(true);
    const { info, train, test } = await read([archive()]);
    expect(info).toMatchObject({
      shape: { height: 32, width: 32, channels: 3 },
      mean: [0.4914, 0.4822, 0.4465],
    });
    expect(info.classes.slice(0, 2)).toEqual(['plane', 'car']);
    // data_batch_1 comes before data_batch_2, whatever the order in the archive.
    expect([...train.labels]).toEqual([3, 9, 0, 7]);
    expect([...test.labels]).toEqual([1, 2]);
    const pixel = (index: number, row: number, column: number) => {
      const at = ((index * 32 + row) * 32 + column) * 3;
      return [...train.images.subarray(at, at + 3)];
    };
    expect(pixel(0, 0, 0)).toEqual([0, 50, 100]);
    expect(pixel(1, 5, 31)).toEqual([5, 81, 101]);
    expect(pixel(2, 31, 7)).toEqual([31, 57, 102]);
    expect(pixel(3, 31, 31)).toEqual([31, 81, 100]);
  });

  it('is the same from a plain tar, a zip and single files', async () => {
    const whole = await read([archive()]);
    const zipped = zipSync(
      Object.fromEntries(
        parts.map(({ path, contents }) => [
          path,
          typeof contents === 'string' ? new TextEncoder().encode(contents) : contents,
        ]),
      ),
    );
    const single = parts.map(({ path, contents }) =>
      memoryFile(path, typeof contents === 'string' ? new TextEncoder().encode(contents) : contents),
    );
    for (const files of [
      [memoryFile('cifar10.tar', makeTar(parts))],
      [memoryFile('cifar-10.zip', zipped)],
      single,
    ]) {
      expect(await cifar10Loader.accepts(files)).toBe(true);
      const { train, test } = await read(files);
      expect(train).toEqual(whole.train);
      expect(test).toEqual(whole.test);
    }
  });

  it('is not what other archives are', async () => {
    expect(await cifar10Loader.accepts([archive('photos.tar.gz')])).toBe(false);
    expect(await cifar10Loader.accepts([archive('cifar-100-binary.tar.gz')])).toBe(false);
    expect(await cifar10Loader.accepts([memoryFile('cifar-10.txt', new Uint8Array(600))])).toBe(false);
  });

  it('is refused where it is cut short, damaged or without its test file', async () => {
    const file = memoryFile('data_batch_1.bin', batch([1, 2]));
    const cases: [string, Parameters<typeof read>[0], RegExp][] = [
      [
        'cut',
        [
          memoryFile('data_batch_1.bin', batch([1, 2]).subarray(0, 5000)),
          memoryFile('test_batch.bin', batch([1])),
        ],
        /whole number of records/,
      ],
      ['label', [file, memoryFile('test_batch.bin', batch([1, 200]))], /class 200/],
      ['no test', [file], /test_batch\.bin is missing/],
      ['no train', [memoryFile('test_batch.bin', batch([1]))], /data_batch_1\.bin is missing/],
      [
        'truncated archive',
        [memoryFile('cifar-10.tar.gz', makeTarGz(parts).subarray(0, 400))],
        /damaged or cut short/,
      ],
      [
        'empty',
        [memoryFile('data_batch_1.bin', new Uint8Array(0)), memoryFile('test_batch.bin', batch([1]))],
        /0 bytes/,
      ],
      [
        'names',
        [file, memoryFile('test_batch.bin', batch([1])), memoryFile('batches.meta.txt', new Uint8Array(3))],
        /name the classes/,
      ],
    ];
    for (const [name, files, message] of cases) {
      await expect(read(files), name).rejects.toThrow(message);
      await expect(read(files), name).rejects.toMatchObject({ code: 'E-DATASET' });
    }
  });
});
