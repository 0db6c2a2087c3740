import { describe, expect, it } from 'vitest';
import type { ImageDataset, ImageSplit } from './dataset.ts';
import { multiMnist } from './multimnist.ts';

/** Pictures filled with 10 x digit + 1, but for the leftmost column, which is 255. */
function split(labels: readonly number[]): ImageSplit {
  const images = new Uint8Array(labels.length * 784);
  for (const [index, label] of labels.entries()) {
    for (let pixel = 0; pixel < 784; pixel++)
      images[index * 784 + pixel] = pixel % 28 === 0 ? 255 : 10 * label + 1;
  }
  return { count: labels.length, images, labels: Uint16Array.from(labels) };
}

const digits: ImageDataset = {
  info: {
    kind: 'images',
    id: 'mnist',
    title: 'MNIST',
    shape: { height: 28, width: 28, channels: 1 },
    classes: Array.from('0123456789'),
    mean: [0.1307],
    deviation: [0.3081],
    source: 'x',
    licence: 'y',
  },
  train: split(Array.from({ length: 200 }, (_, index) => (index * 7) % 10)),
  test: split([3, 1, 4, 1, 5]),
};

describe('MultiMNIST', () => {
  it('has a class for each pair of digits, and the digits as attributes', () => {
    const { info, train, test } = multiMnist(digits);
    expect([info.id, info.classes.length, info.classes[7], info.classes[42]]).toEqual([
      'multimnist',
      100,
      '07',
      '42',
    ]);
    expect([train.count, test.count]).toEqual([200, 5]);
    expect([...(test.attributes?.left ?? [])]).toEqual([3, 1, 4, 1, 5]);
    const { left = new Uint16Array(0), right = new Uint16Array(0) } = train.attributes ?? {};
    expect([...train.labels]).toEqual([...left].map((digit, index) => 10 * digit + (right[index] ?? 0)));
    expect(new Set(right).size).toBe(10);
  });

  it('lays the left digit at the left and the right one over it, the brighter pixel on top', () => {
    const { train } = multiMnist(digits);
    const left = train.attributes?.left ?? [];
    const right = train.attributes?.right ?? [];
    for (let index = 0; index < 20; index++) {
      const at = (y: number, x: number): number | undefined => train.images[(index * 28 + y) * 28 + x];
      const [one, two] = [10 * (left[index] ?? 0) + 1, 10 * (right[index] ?? 0) + 1];
      // Row y of 28 is row floor((y + 0.5) x 45 / 28) of the canvas, whose digits lie in rows 5 to 32.
      expect([at(2, 5), at(3, 5), at(20, 5), at(21, 5)]).toEqual([0, one, one, 0]);
      expect(at(10, 0)).toBe(255);
      expect(at(10, 5)).toBe(one);
      // Canvas column 18 is the right digit's second, and the left one's 19th.
      expect(at(10, 11)).toBe(Math.max(one, two));
      expect(at(10, 17)).toBe(two);
      expect(at(10, 27)).toBe(two);
    }
  });

  it('is the same for the same seed', () => {
    expect(multiMnist(digits, 5)).toEqual(multiMnist(digits, 5));
    expect(multiMnist(digits, 5).train.labels).not.toEqual(multiMnist(digits, 6).train.labels);
    expect(multiMnist(digits, 5).train.labels.subarray(0, 5)).not.toEqual(multiMnist(digits, 5).test.labels);
  });

  it('is refused for other pictures', () => {
    const wrong = {
      ...digits,
      info: { ...digits.info, shape: { height: 32, width: 32, channels: 3 as const } },
    };
    expect(() => multiMnist(wrong)).toThrow(/E-SHAPE.*32x32x3/);
  });
});
