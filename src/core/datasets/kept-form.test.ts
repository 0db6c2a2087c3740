import { describe, expect, it } from 'vitest';
import { concatBytes } from '../formats/bytes.ts';
import type { Dataset } from './dataset.ts';
import { datasetFromFile, datasetPieces, keptInfo } from './kept-form.ts';

const images: Dataset = {
  info: {
    kind: 'images',
    id: 'custom-x',
    title: 'Größe 3',
    shape: { height: 1, width: 3, channels: 1 },
    classes: ['a', 'b'],
    mean: [0.25],
    deviation: [0.5],
    source: 's',
    licence: 'l',
  },
  train: {
    count: 3,
    images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
    labels: Uint16Array.of(0, 1, 300),
    attributes: { identity: Uint16Array.of(7, 8, 9) },
  },
  test: {
    count: 1,
    images: Uint8Array.of(9, 8, 7),
    labels: Uint16Array.of(1),
    attributes: { identity: Uint16Array.of(3) },
  },
};
const texts: Dataset = {
  info: {
    kind: 'text',
    id: 'custom-t',
    title: 'T',
    classes: ['a', 'b'],
    length: 5,
    vocabulary: 9,
    source: 's',
    licence: 'l',
  },
  words: ['the', 'ünd', '$array'],
  train: {
    count: 2,
    tokens: Uint32Array.of(0, 1, 2),
    offsets: Uint32Array.of(0, 1, 3),
    labels: Uint16Array.of(0, 1),
  },
  test: {
    count: 1,
    tokens: Uint32Array.of(70_000),
    offsets: Uint32Array.of(0, 1),
    labels: Uint16Array.of(1),
  },
};
const reader = (bytes: Uint8Array) => (from: number, to: number) => Promise.resolve(bytes.subarray(from, to));

describe('a data set as a file', () => {
  it.each([images, texts])('comes back as it was', async (dataset) => {
    const bytes = concatBytes(datasetPieces(dataset));
    expect(await datasetFromFile('x', bytes.length, reader(bytes))).toEqual(dataset);
    expect(await keptInfo('x', bytes.length, reader(bytes))).toEqual({
      ...dataset.info,
      trainCount: dataset.train.count,
      testCount: dataset.test.count,
    });
  });

  it('is refused where it is cut short, damaged or something else', async () => {
    const bytes = concatBytes(datasetPieces(images));
    for (const length of [0, 5, 300, bytes.length - 9]) {
      const cut = bytes.subarray(0, length);
      await expect(datasetFromFile('x', length, reader(cut))).rejects.toMatchObject({ code: 'E-DATASET' });
    }
    const other = new TextEncoder().encode('{"version":2}\n');
    await expect(datasetFromFile('x', other.length, reader(other))).rejects.toThrow(/x is no data set/);
    await expect(keptInfo('x', other.length, reader(other))).rejects.toMatchObject({ code: 'E-DATASET' });
  });
});
