import { describe, expect, it } from 'vitest';
import type { ImageSplit } from '../datasets/dataset.ts';
import { randomStream } from '../rng/random.ts';
import { dirichlet } from './dirichlet.ts';
import { splitExamples } from './split.ts';

const CLASSES = 10;
function examples(count: number, attributes?: Record<string, Uint16Array>): ImageSplit {
  const labels = Uint16Array.from({ length: count }, (_, index) => (index * 7) % CLASSES);
  return { count, labels, images: new Uint8Array(count), ...(attributes && { attributes }) };
}
const all = (parts: readonly Uint32Array[]) =>
  parts.flatMap((part) => Array.from(part)).sort((a, b) => a - b);
const everything = (count: number) => Array.from({ length: count }, (_, index) => index);
const classesOf = (part: Uint32Array, { labels }: ImageSplit) =>
  new Set(Array.from(part, (index) => labels[index]));

describe.each([
  { kind: 'equal' },
  { kind: 'dirichlet', alpha: 0.1 },
  { kind: 'dirichlet', alpha: 100 },
  { kind: 'shards', shards_per_client: 2 },
] as const)('the split %o', (config) => {
  it('gives every example to one client, the same for a seed', () => {
    const train = examples(1003);
    const parts = splitExamples(config, train, 20, 7);
    expect(parts).toHaveLength(20);
    expect(all(parts)).toEqual(everything(1003));
    expect(splitExamples(config, train, 20, 7)).toEqual(parts);
    expect(splitExamples(config, train, 20, 8)).not.toEqual(parts);
  });
});

it('equal shares differ by at most one example', () => {
  const sizes = splitExamples({ kind: 'equal' }, examples(1003), 20, 1).map(({ length }) => length);
  expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([50, 51]);
});

it('a small alpha gives clients few classes, a large one nearly the same of each', () => {
  const train = examples(10_000);
  const largest = (alpha: number): number[] =>
    splitExamples({ kind: 'dirichlet', alpha }, train, 10, 3).map((part) => {
      const counts = new Array<number>(CLASSES).fill(0);
      for (const index of part)
        counts[train.labels[index] ?? 0] = (counts[train.labels[index] ?? 0] ?? 0) + 1;
      return part.length === 0 ? 1 : Math.max(...counts) / part.length;
    });
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(largest(0.05))).toBeGreaterThan(0.5);
  expect(mean(largest(1000))).toBeLessThan(0.13);
});

it('pieces of the sorted examples leave a client two or three classes', () => {
  const train = examples(1000);
  for (const part of splitExamples({ kind: 'shards', shards_per_client: 2 }, train, 20, 3))
    expect(classesOf(part, train).size).toBeLessThanOrEqual(4);
});

it('users are taken by how much they hold, and must be there', () => {
  const writer = Uint16Array.from([5, 5, 5, 2, 2, 9]);
  const train = examples(6, { writer });
  const parts = splitExamples({ kind: 'user', attribute: 'writer' }, train, 2, 1);
  expect(parts.map((part) => Array.from(part))).toEqual([
    [0, 1, 2],
    [3, 4],
  ]);
  expect(() => splitExamples({ kind: 'user', attribute: 'writer' }, train, 4, 1)).toThrow(
    'There are 3 users for 4 clients.',
  );
  expect(() => splitExamples({ kind: 'user', attribute: 'author' }, train, 2, 1)).toThrow(
    'They carry writer.',
  );
  expect(() => splitExamples({ kind: 'equal' }, train, 7, 1)).toThrow('E-CONFIG-VALUE');
});

it('shares from a Dirichlet distribution have its mean and spread', () => {
  const random = randomStream(1, 'dirichlet');
  const alpha = 0.5;
  const draws = Array.from({ length: 4000 }, () => dirichlet(4, alpha, random)[0] ?? 0);
  const mean = draws.reduce((sum, share) => sum + share, 0) / draws.length;
  const variance = draws.reduce((sum, share) => sum + (share - mean) ** 2, 0) / draws.length;
  expect(mean).toBeCloseTo(0.25, 1);
  // (1/k)(1 - 1/k) / (k alpha + 1)
  expect(variance).toBeGreaterThan(0.9 * (0.1875 / 3));
  expect(variance).toBeLessThan(1.1 * (0.1875 / 3));
  expect(dirichlet(3, 1e-3, random).every(Number.isFinite)).toBe(true);
});
