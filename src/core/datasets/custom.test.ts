import { describe, expect, it } from 'vitest';
import type { NamedBytes } from '../formats/idx.ts';
import { customDataset, customId } from './custom.ts';
import { channelStatistics } from './statistics.ts';
import { subset } from './subset.ts';

function idx(name: string, dims: number[], payload: number[]): NamedBytes {
  const header = [0, 0, 8, dims.length, ...dims.flatMap((side) => [0, 0, side >> 8, side & 255])];
  return { name, bytes: Uint8Array.from([...header, ...payload]) };
}

/** n colour images of 2x3; image i is filled with i, so that it can be found again. */
const images = (n: number, name = 'images') =>
  idx(
    name,
    [n, 2, 3, 3],
    Array.from({ length: n * 18 }, (_, at) => Math.floor(at / 18)),
  );
const labels = (n: number, classes: number, name = 'labels') =>
  idx(
    name,
    [n],
    Array.from({ length: n }, (_, at) => at % classes),
  );

describe('customDataset', () => {
  it('takes a train and a test pair as they are', async () => {
    const dataset = await customDataset({
      title: 'My Häuser 2!',
      train: { images: images(20), labels: labels(20, 4) },
      test: { images: images(6, 'test images'), labels: labels(6, 6, 'test labels') },
    });
    expect(dataset.info.id).toBe('custom-my-hauser-2');
    expect(dataset.info.classes).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(dataset.info.shape).toEqual({ height: 2, width: 3, channels: 3 });
    expect(dataset.info.source).toBe('images, labels, test images, test labels');
    expect([dataset.train.count, dataset.test.count]).toEqual([20, 6]);
    expect(dataset.info.mean[2]).toBeCloseTo(9.5 / 255, 12);
  });

  it('keeps a tenth for the test, drawn by the seed, none twice', async () => {
    const files = { title: 'a', train: { images: images(200), labels: labels(200, 7) } };
    const one = await customDataset({ ...files, seed: 3 });
    const again = await customDataset({ ...files, seed: 3 });
    const other = await customDataset({ ...files, seed: 4 });
    expect(one).toEqual(again);
    expect(one.test.labels).not.toEqual(other.test.labels);
    expect([one.train.count, one.test.count]).toEqual([180, 20]);
    const firstPixels = [one.train, one.test].flatMap((split) =>
      Array.from({ length: split.count }, (_, index) => {
        const value = split.images[index * 18] ?? -1;
        expect(split.labels[index]).toBe(value % 7);
        return value;
      }),
    );
    expect(new Set(firstPixels).size).toBe(200);
  });

  it('refuses one class, one example and a test pair of another size', async () => {
    const train = { images: images(4), labels: labels(4, 2) };
    await expect(customDataset({ title: 'a', train: { ...train, labels: labels(4, 1) } })).rejects.toThrow(
      /E-DATASET: labels has examples of one class/,
    );
    await expect(
      customDataset({ title: 'a', train: { images: images(1), labels: labels(1, 1) } }),
    ).rejects.toThrow(/images has 1 example/);
    const test = { images: idx('grey', [2, 2, 3], new Array<number>(12).fill(1)), labels: labels(2, 2) };
    await expect(customDataset({ title: 'a', train, test })).rejects.toThrow(
      /E-SHAPE: The test images are 2x3x1 and the training images 2x3x3/,
    );
  });

  it('makes an id from any title', () => {
    expect(customId('Straßenschilder  42')).toMatch(/^custom-[a-z0-9-]+$/);
    expect(customId('数字')).toBe('custom-data');
    expect(customId('x'.repeat(500)).length).toBeLessThanOrEqual(64);
    expect(customId(`${'x'.repeat(47)} y`)).toMatch(/x$/);
  });
});

describe('channelStatistics', () => {
  it('agrees with the two-pass sums, channel by channel', () => {
    const shape = { height: 3, width: 5, channels: 3 as const };
    const all = Uint8Array.from({ length: 4 * 45 }, (_, at) => (at * at * 13 + at) % 256);
    const { mean, deviation } = channelStatistics(
      { count: 4, images: all, labels: new Uint16Array(4) },
      shape,
    );
    for (let channel = 0; channel < 3; channel++) {
      const values = [...all].filter((_, at) => at % 3 === channel).map((value) => value / 255);
      const average = values.reduce((a, b) => a + b, 0) / values.length;
      const variance = values.reduce((a, b) => a + (b - average) ** 2, 0) / values.length;
      expect(mean[channel]).toBeCloseTo(average, 12);
      expect(deviation[channel]).toBeCloseTo(Math.sqrt(variance), 12);
    }
  });

  it('gives a channel that never varies the deviation 1', () => {
    const shape = { height: 1, width: 2, channels: 1 as const };
    const split = { count: 2, images: new Uint8Array(4).fill(51), labels: new Uint16Array(2) };
    expect(channelStatistics(split, shape)).toEqual({ mean: [0.2], deviation: [1] });
  });
});

describe('subset', () => {
  it('keeps the first examples, or all', async () => {
    const whole = await customDataset({
      title: 'a',
      train: { images: images(20), labels: labels(20, 4) },
      test: { images: images(6), labels: labels(6, 4) },
    });
    const part = subset(whole, 7, null);
    expect([part.train.count, part.train.images.length, part.train.labels.length]).toEqual([7, 126, 7]);
    expect([...part.train.labels]).toEqual([0, 1, 2, 3, 0, 1, 2]);
    expect(part.test).toEqual(whole.test);
    expect(subset(whole, 1000, 2).train.count).toBe(20);
    expect(subset(whole, 1000, 2).test.count).toBe(2);
  });
});
