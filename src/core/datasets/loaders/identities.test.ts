import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { pictureDecoder } from '../../formats/decode-picture.ts';
import { jpegWasm } from '../../formats/jpeg-wasm.node.ts';
import { encodePng } from '../../formats/png.ts';
import type { ImageDataset } from '../dataset.ts';
import { isImages, isStored } from '../dataset.ts';
import { identitiesLoader } from './identities.ts';
import type { Loader, SourceFile } from './loader.ts';
import { pipaLoader } from './pipa.ts';
import { loadRequest, plainPng } from './pictures.test-support.ts';
import { memoryFile } from './source-files.ts';

const decode = pictureDecoder(jpegWasm);
const text = (contents: string): Uint8Array => new TextEncoder().encode(contents);

async function read(
  loader: Loader,
  files: readonly SourceFile[],
  request = loadRequest(),
): Promise<ImageDataset> {
  const dataset = await loader.read(files, request);
  if (!isImages(dataset) || isStored(dataset)) throw new Error('no images');
  return dataset;
}

describe('faces by person', () => {
  const loader = identitiesLoader(decode);
  const face = (value: number): Uint8Array => plainPng(5, 6, [value, 0, 0]);

  it('are read from CelebA: a zip of pictures and a list of identities', async () => {
    const people = [2880, 2880, 7, 7, 7, 99];
    const zip = zipSync(
      Object.fromEntries(people.map((_, index) => [`img_align_celeba/00000${index + 1}.png`, face(index)])),
    );
    const list = people.map((person, index) => `00000${index + 1}.png ${person}`).join('\n');
    const files = [
      memoryFile('img_align_celeba.zip', zip),
      memoryFile('identity_CelebA.txt', text(`${list}\n`)),
    ];
    expect(await loader.accepts(files)).toBe(true);
    const request = loadRequest();
    const { info, train, test } = await read(loader, files, request);
    expect(info.classes).toEqual(['7', '2880']);
    expect([train.count, test.count]).toEqual([3, 2]);
    expect([...(train.attributes?.identity ?? [])]).toEqual(
      [...train.labels].map((label) => [7, 2880][label]),
    );
    expect(request.warnings).toEqual([expect.stringMatching(/1 of 6 pictures were left out/)]);
  });

  it('are read from VGGFace2, whose test people are people too', async () => {
    const files: SourceFile[] = [];
    for (const folder of ['train/n000002', 'train/n000003', 'test/n000001']) {
      for (let index = 0; index < 4; index++)
        files.push(memoryFile(`v/${folder}/000${index}_01.png`, face(index)));
    }
    expect(await loader.accepts(files)).toBe(true);
    const { info, train, test } = await read(loader, files);
    expect(info.classes).toEqual(['n000001', 'n000002', 'n000003']);
    expect([train.count, test.count]).toEqual([9, 3]);
    expect(new Set(test.attributes?.identity)).toEqual(new Set([1, 2, 3]));
  });

  it('are refused where nobody has two pictures', async () => {
    await expect(
      read(loader, [memoryFile('a/n1.png', face(1)), memoryFile('b/n2.png', face(2))]),
    ).rejects.toThrow(/no person with two/);
  });
});

describe('PIPA', () => {
  const loader = pipaLoader(decode);
  /** 20x10, red the column times 10, so that a cut can be told. */
  const photo = encodePng({
    width: 20,
    height: 10,
    channels: 3,
    data: Uint8Array.from({ length: 600 }, (_, at) => (at % 3 === 0 ? 10 * (Math.floor(at / 3) % 20) : 0)),
  });
  const head = (name: number, left: number, person: number, subset: number, width = 4): string =>
    `100 ${name} ${left} 2 ${width} 4 ${person} ${subset}`;
  const index = [
    head(1, 4, 70, 1),
    head(2, 0, 70, 1),
    head(2, 8, 71, 1),
    ...[0, 1, 2, 3, 4, 5].map((n) => head(3, n * 2, 72 + n, 1)),
    head(4, 0, 71, 1),
    head(5, 0, 999, 3),
    head(6, 0, 70, 3),
    head(6, 4, 998, 3),
    head(7, 0, 70, 0),
  ].join('\n');
  const files = (annotations: string): SourceFile[] => [
    ...[1, 2, 3, 4].map((n) => memoryFile(`pipa/train/100_${n}.png`, photo)),
    ...[5, 6].map((n) => memoryFile(`pipa/test/100_${n}.png`, photo)),
    memoryFile('pipa/leftover/100_7.png', photo),
    memoryFile('pipa/annotations/index.txt', text(annotations)),
  ];

  it('has head counts as classes, and who is on a photo as an attribute', async () => {
    expect(await loader.accepts(files(index))).toBe(true);
    const { info, train, test } = await read(
      loader,
      files(index),
      loadRequest({ image: { size: 4, channels: 3 } }),
    );
    expect(info.classes).toHaveLength(5);
    const rows = (split: typeof train) =>
      [...split.labels]
        .map(
          (label, at) =>
            `${label} heads ${split.attributes?.heads?.[at]} person ${split.attributes?.identity?.[at]}`,
        )
        .sort();
    // 70 is on two training photos and 71 on two: the smaller number is the first; then 72 and 73.
    expect(rows(train)).toEqual([
      '0 heads 1 person 1',
      '0 heads 1 person 2',
      '1 heads 2 person 1',
      '4 heads 6 person 3',
    ]);
    expect(rows(test)).toEqual(['0 heads 1 person 0', '1 heads 2 person 1']);
  });

  it('is cut to the square around all heads', async () => {
    const { train } = await read(loader, files(index), loadRequest({ image: { size: 4, channels: 3 } }));
    const reds = [...train.labels].map((label, at) => [
      label,
      ...[0, 1, 2, 3].map((x) => train.images[at * 48 + x * 3]),
    ]);
    // Photo 1: columns 4 to 7 as they are. Photo 2: columns 0 to 11, three at a time.
    expect(reds).toContainEqual([0, 40, 50, 60, 70]);
    expect(reds).toContainEqual([1, 10, 40, 70, 100]);
  });

  it.each([
    ['no index', files(index).slice(0, -1), /annotations of PIPA are missing/],
    ['a line that is damaged', files(`${index}\n100 8 a b 1 1 1 1`), /Line 15/],
    ['a subset that there is not', files('100 1 0 0 4 4 70 9'), /Line 1/],
    ['photos that are none of its', files('100 99 0 0 4 4 70 1'), /no pictures/],
  ])('is refused with %s', async (_name, given, message) => {
    await expect(read(loader, given)).rejects.toThrow(message);
  });
});
