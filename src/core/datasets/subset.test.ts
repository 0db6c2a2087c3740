import { describe, expect, it } from 'vitest';
import type { ImageDataset, TextDataset } from './dataset.ts';
import { subset } from './subset.ts';

const common = { id: 'tiny', title: 'Tiny', classes: ['a', 'b'], source: '', licence: '' };

const images: ImageDataset = {
  info: {
    kind: 'images',
    ...common,
    shape: { height: 1, width: 2, channels: 1 },
    mean: [0],
    deviation: [1],
  },
  train: {
    count: 3,
    images: Uint8Array.of(1, 2, 3, 4, 5, 6),
    labels: Uint16Array.of(0, 1, 0),
    attributes: { identity: Uint16Array.of(7, 8, 9) },
  },
  test: { count: 1, images: Uint8Array.of(9, 9), labels: Uint16Array.of(1) },
};

const texts: TextDataset = {
  info: { kind: 'text', ...common, length: 4, vocabulary: 3 },
  words: ['the', 'end', 'is'],
  train: {
    count: 2,
    tokens: Uint32Array.of(0, 1, 0, 2, 1),
    offsets: Uint32Array.of(0, 2, 5),
    labels: Uint16Array.of(0, 1),
  },
  test: { count: 1, tokens: Uint32Array.of(1), offsets: Uint32Array.of(0, 1), labels: Uint16Array.of(1) },
};

describe('a part of a data set', () => {
  it('of images holds the first ones, with their labels and attributes', () => {
    const { train, test } = subset(images, 2, null);
    expect(train).toEqual({
      count: 2,
      images: Uint8Array.of(1, 2, 3, 4),
      labels: Uint16Array.of(0, 1),
      attributes: { identity: Uint16Array.of(7, 8) },
    });
    expect(test).toEqual(images.test);
  });

  it('of texts holds the first ones whole', () => {
    const { train, test } = subset(texts, 1, 5);
    expect(train).toEqual({
      count: 1,
      tokens: Uint32Array.of(0, 1),
      offsets: Uint32Array.of(0, 2),
      labels: Uint16Array.of(0),
    });
    expect(test).toEqual(texts.test);
  });
});
