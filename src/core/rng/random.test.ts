import { describe, expect, it } from 'vitest';
import { randomStream } from './random.ts';

const take = (seed: number, ...purpose: (string | number)[]): number[] => {
  const random = randomStream(seed, ...purpose);
  return Array.from({ length: 8 }, () => random.next());
};

describe('randomStream', () => {
  it('gives the same numbers for the same seed and purpose', () => {
    expect(take(7, 'order', 3)).toEqual(take(7, 'order', 3));
  });

  it('gives other numbers for another seed, purpose or position', () => {
    const streams = [take(7, 'order', 3), take(8, 'order', 3), take(7, 'init', 3), take(7, 'order', 4)];
    expect(new Set(streams.map((stream) => stream[0])).size).toBe(4);
  });

  it('keeps these first numbers, so that links made today repeat tomorrow', () => {
    expect(take(1, 'order', 1).map((value) => value.toFixed(6))).toMatchInlineSnapshot(`
      [
        "0.654789",
        "0.679980",
        "0.465839",
        "0.392430",
        "0.607686",
        "0.721735",
        "0.551809",
        "0.868570",
      ]
    `);
  });

  it('permutes every index once, and not in order', () => {
    const order = randomStream(2, 'permutation').permutation(1001);
    expect(new Set(order).size).toBe(1001);
    expect([...order].sort((a, b) => a - b)[1000]).toBe(1000);
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
  });

  it('draws integers from both ends of a range, evenly', () => {
    const random = randomStream(3, 'int');
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 30_000; draw++) {
      const value = random.int(-1, 1);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([-1, 0, 1]);
    for (const n of counts.values()) expect(Math.abs(n - 10_000)).toBeLessThan(400);
  });

  it('draws normals of mean 0 and deviation 1', () => {
    const random = randomStream(4, 'normal');
    const draws = Array.from({ length: 40_000 }, () => random.normal());
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(variance - 1)).toBeLessThan(0.03);
  });
});
