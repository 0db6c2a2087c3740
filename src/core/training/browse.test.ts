import { expect, it } from 'vitest';
import type { ImageDataset, TextDataset } from '../datasets/dataset.ts';
import { browseImages } from './browse.ts';

const split = (count: number) => ({
  count,
  images: Uint8Array.from({ length: count * 6 }, (_, at) => at % 251),
  labels: Uint16Array.from({ length: count }, (_, index) => index % 3),
});

const dataset: ImageDataset = {
  info: {
    kind: 'images',
    id: 'made',
    title: 'Made',
    classes: ['zero', 'one', 'two'],
    source: 'here',
    licence: 'none',
    shape: { height: 1, width: 2, channels: 3 },
    mean: [0, 0, 0],
    deviation: [1, 1, 1],
  },
  train: split(20),
  test: split(3),
};

it('turns the pages of a class', async () => {
  const page = await browseImages(dataset, { label: 1, from: 2, count: 3 });
  expect(page.matched).toBe(7);
  expect(page.images.map(({ index, label }) => [index, label])).toEqual([
    [7, 1],
    [10, 1],
    [13, 1],
  ]);
  expect([...(page.images[0]?.pixels ?? [])]).toEqual([42, 43, 44, 45, 46, 47]);
  expect((await browseImages(dataset, { label: null, from: 18, count: 9 })).images).toHaveLength(2);
});

it('finds images by their numbers, in their order, without those that are not there', async () => {
  const { images, matched } = await browseImages(dataset, { indices: [9, 2, 20] });
  expect(images.map(({ index }) => index)).toEqual([9, 2]);
  expect(matched).toBe(2);
});

it('refuses texts', async () => {
  const texts = { info: { kind: 'text', title: 'Letters' } } as TextDataset;
  await expect(browseImages(texts, { indices: [0] })).rejects.toMatchObject({ code: 'E-DATASET' });
});
