import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { pictureDecoder } from '../../formats/decode-picture.ts';
import { jpegWasm } from '../../formats/jpeg-wasm.node.ts';
import { makeTarGz } from '../../formats/tar.test-support.ts';
import type { ImageDataset } from '../dataset.ts';
import { isImages, isStored } from '../dataset.ts';
import { imageSet } from './examples.ts';
import { gatherPictures } from './gather-pictures.ts';
import { imageFolderLoader } from './image-folder.ts';
import type { LoadRequest, SourceFile } from './loader.ts';
import { loadRequest, plainPng } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';

const decode = pictureDecoder(jpegWasm);
const loader = imageFolderLoader(decode);
type Files = Record<string, Uint8Array | string>;

const asBytes = (contents: Uint8Array | string): Uint8Array =>
  typeof contents === 'string' ? new TextEncoder().encode(contents) : contents;
const zipped = (files: Files): SourceFile[] => [
  memoryFile(
    'a.zip',
    zipSync(Object.fromEntries(Object.entries(files).map(([path, contents]) => [path, asBytes(contents)]))),
  ),
];
const loose = (files: Files): SourceFile[] =>
  Object.entries(files).map(([path, contents]) => memoryFile(path, asBytes(contents)));

async function read(
  files: readonly SourceFile[],
  request: LoadRequest = loadRequest(),
): Promise<ImageDataset> {
  const dataset = await loader.read(files, request);
  if (!isImages(dataset) || isStored(dataset)) throw new Error('no images');
  return dataset;
}

/** Pictures of one red value each, so that an example can be told by its first pixel. */
const red = (value: number, width = 6, height = 5): Uint8Array => plainPng(width, height, [value, 0, 9]);
const pairs = ({ images, labels }: ImageDataset['train']): [number, number][] =>
  [...labels]
    .map((label, index): [number, number] => [label, images[index * 48] ?? 0])
    .sort((a, b) => a[1] - b[1]);

const divided: Files = {
  'set/train/cat/1.png': red(1),
  'set/train/cat/2.png': red(2),
  'set/train/dog/1.png': red(3),
  'set/train/ant/1.png': red(4),
  'set/val/cat/9.png': red(5),
  'set/val/dog/9.png': red(6),
  '__MACOSX/set/train/cat/._1.png': 'junk',
  'set/README.md': 'hello',
};

describe('a folder of pictures', () => {
  it('is divided by its folders, with a class for each', async () => {
    const { info, train, test } = await read(zipped(divided));
    expect(info.classes).toEqual(['ant', 'cat', 'dog']);
    expect(info.shape).toEqual({ height: 4, width: 4, channels: 3 });
    expect(pairs(train)).toEqual([
      [1, 1],
      [1, 2],
      [2, 3],
      [0, 4],
    ]);
    expect(pairs(test)).toEqual([
      [1, 5],
      [2, 6],
    ]);
  });

  it('is the same from a zip, a tar and loose files in any order, and another order by another seed', async () => {
    const whole = await read(zipped(divided));
    const tar = makeTarGz(Object.entries(divided).map(([path, contents]) => ({ path, contents })));
    const backwards = Object.fromEntries(Object.entries(divided).reverse());
    for (const files of [[memoryFile('a.tgz', tar)], loose(divided), loose(backwards)]) {
      const { train, test } = await read(files);
      expect(train).toEqual(whole.train);
      expect(test).toEqual(whole.test);
    }
    const orders = new Set<string>();
    for (let seed = 0; seed < 8; seed++)
      orders.add(String((await read(zipped(divided), loadRequest({ seed }))).train.labels));
    expect(orders.size).toBeGreaterThan(2);
  });

  it('without a division gets a tenth of each class for testing, one or more', async () => {
    const files: Files = {};
    for (let index = 0; index < 30; index++) files[`x/train/${index}.png`] = red(index);
    for (let index = 0; index < 5; index++) files[`x/car/${index}.png`] = red(100 + index);
    files['x/bus/only.png'] = red(200);
    const { info, train, test } = await read(zipped(files));
    // A class may be called as a split is.
    expect(info.classes).toEqual(['bus', 'car', 'train']);
    expect(
      pairs(test)
        .map(([label]) => label)
        .sort(),
    ).toEqual([1, 2, 2, 2]);
    expect(train.count + test.count).toBe(36);
    const again = await read(zipped(files));
    expect(again.test).toEqual(test);
  });

  it('takes its labels from a table beside the pictures', async () => {
    const table =
      'id,filename,label\n1,"a.png",dog\n2,b.png,"cat, big"\n3,c.png,dog\n4,d.png,"cat, big"\n5,missing.png,dog\n';
    const request = loadRequest();
    const { info, train, test } = await read(
      loose({
        'labels.csv': table,
        'images/a.png': red(1),
        'images/b.png': red(2),
        'images/c.png': red(3),
        'images/d.png': red(4),
      }),
      request,
    );
    expect(info.classes).toEqual(['cat, big', 'dog']);
    expect([...pairs(train), ...pairs(test)].sort((a, b) => a[1] - b[1])).toEqual([
      [1, 1],
      [0, 2],
      [1, 3],
      [0, 4],
    ]);
  });

  it('reads GTSRB as it comes: PPM, folders of numbers, a table with semicolons and regions for the test', async () => {
    const ppm = (value: number): Uint8Array =>
      new Uint8Array([...new TextEncoder().encode('P6 4 4 255\n'), ...new Uint8Array(48).fill(value)]);
    const files: Files = {
      'GTSRB/Final_Training/Images/00000/00000_00000.ppm': ppm(1),
      'GTSRB/Final_Training/Images/00000/GT-00000.csv':
        'Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\n00000_00000.ppm;4;4;0;0;3;3;0\n',
      'GTSRB/Final_Training/Images/00002/00000_00000.ppm': ppm(2),
      'GTSRB/Final_Training/Images/00011/00000_00000.ppm': ppm(3),
      'GTSRB/Final_Test/Images/00000.ppm': ppm(4),
      'GTSRB/Final_Test/Images/00001.ppm': ppm(5),
      'GT-final_test.csv':
        'Filename;Width;Height;Roi.X1;Roi.Y1;Roi.X2;Roi.Y2;ClassId\n00000.ppm;4;4;0;0;3;3;11\n00001.ppm;4;4;0;0;3;3;2\n',
    };
    const { info, train, test } = await read(loose(files));
    expect(info.classes).toEqual(['0', '2', '11']);
    expect(pairs(train)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(pairs(test)).toEqual([
      [2, 4],
      [1, 5],
    ]);
  });

  it('reads Tiny ImageNet as it comes: pictures in a folder of their own, a table with tabs for the validation', async () => {
    const { info, train, test } = await read(
      zipped({
        't/train/n01/images/n01_0.png': red(1),
        't/train/n01/n01_boxes.txt': 'n01_0.JPEG\t0\t0\t1\t1\n',
        't/train/n02/images/n02_0.png': red(2),
        't/val/images/val_0.png': red(3),
        't/val/images/val_1.png': red(4),
        't/val/val_annotations.txt': 'val_0.png\tn02\t0\t0\t1\t1\nval_1.png\tn01\t0\t0\t1\t1\n',
        't/test/images/test_0.png': red(5),
      }),
    );
    expect(info.classes).toEqual(['n01', 'n02']);
    expect(pairs(train)).toEqual([
      [0, 1],
      [1, 2],
    ]);
    expect(pairs(test)).toEqual([
      [1, 3],
      [0, 4],
    ]);
  });

  it('makes grey images where they are wanted', async () => {
    const { info, train } = await read(zipped(divided), loadRequest({ image: { size: 2, channels: 1 } }));
    expect(info.shape.channels).toBe(1);
    expect(train.images).toHaveLength(4 * 4);
  });
});

it('a class of 300,000 pictures is divided like a small one', async () => {
  const shape = { height: 1, width: 1, channels: 1 } as const;
  const image = new Uint8Array(1);
  const train = Array.from({ length: 300_000 }, (_, at) => ({
    path: `${at}`,
    image,
    label: at < 10 ? 'a' : 'b',
  }));
  const made = await imageSet({ id: 'x', title: 'x', shape, train, test: null, seed: 1, source: 'x' });
  expect([made.train.count, made.test.count]).toEqual([270_000, 30_000]);
});

describe('a damaged or hostile folder of pictures', () => {
  it('loses damaged pictures among others, with a warning', async () => {
    const request = loadRequest();
    const { train } = await read(
      zipped({
        ...divided,
        'set/train/cat/bad.jpg': 'nothing',
        'set/train/dog/cut.png': red(9).subarray(0, 50),
      }),
      request,
    );
    expect(train.count).toBe(4);
    expect(request.warnings).toEqual([
      expect.stringMatching(/2 of 8 pictures were left out.*set\/train\/cat\/bad\.jpg/),
    ]);
  });

  it.each<[string, SourceFile[], RegExp]>([
    ['only damaged pictures', zipped({ 'a/1.png': 'x', 'b/1.png': 'y' }), /no picture that can be read/],
    ['no picture', zipped({ 'a/1.txt': 'x' }), /no pictures in a\.zip/],
    ['one class', zipped({ 'train/a/1.png': red(1), 'val/a/2.png': red(2) }), /one class only/],
    ['no class', zipped({ '1.png': red(1), '2.png': red(2) }), /Nothing tells the classes/],
    ['a path that leads out', zipped({ '../a/1.png': red(1), 'b/1.png': red(2) }), /leads out/],
    [
      'a zip that is cut short',
      [memoryFile('a.zip', zipSync({ 'a/1.png': red(1) }).subarray(0, 60))],
      /cut short/,
    ],
    ['an impossible size', zipped(divided), /E-SHAPE/],
  ])('is refused with %s', async (name, files, message) => {
    const request = loadRequest(name === 'an impossible size' ? { image: { size: 0, channels: 3 } } : {});
    await expect(read(files, request)).rejects.toThrow(message);
  });

  it('keeps a fair sample of what does not fit', async () => {
    const files: Files = {};
    for (let index = 0; index < 200; index++)
      files[`${index % 2 ? 'odd' : 'even'}/${index}.png`] = red(index, 1, 1);
    const request = loadRequest({ image: { size: 1, channels: 1 } });
    const { pictures } = await gatherPictures(zipped(files), request, { decode, maxPixelBytes: 60 });
    expect(pictures).toHaveLength(50);
    expect(request.warnings).toEqual([expect.stringMatching(/50 of 200 pictures were taken/)]);
    const late = pictures.filter(({ path }) => Number(/\d+/.exec(path)?.[0]) >= 100).length;
    expect(Math.abs(late - 25)).toBeLessThan(12);
  });

  it('stops when it is asked to', async () => {
    const stop = new AbortController();
    const onProgress = (): void => stop.abort();
    await expect(
      read(loose(divided), loadRequest({ signal: stop.signal, onProgress })),
    ).rejects.toMatchObject({ code: 'E-CANCELLED' });
  });
});
