import { describe, expect, it } from 'vitest';
import { poissonBatch } from './poisson.ts';

describe('a Poisson batch', () => {
  it('has each example with the same chance', () => {
    const [steps, count, rate] = [4000, 7, 0.3];
    const times = new Array<number>(count).fill(0);
    let pairs = 0;
    for (let step = 0; step < steps; step++) {
      const batch = [...poissonBatch(3, 2, step, count, rate)];
      expect(batch).toEqual([...new Set(batch)].sort((a, b) => a - b));
      for (const position of batch) times[position] = (times[position] ?? 0) + 1;
      if (batch.includes(1) && batch.includes(2)) pairs++;
    }
    const near = (found: number, chance: number): void => {
      expect(Math.abs(found / steps - chance)).toBeLessThan(4 * Math.sqrt((chance * (1 - chance)) / steps));
    };
    for (const found of times) near(found, rate);
    near(pairs, rate ** 2); // one does not tell of the other
  });

  it('may be empty, and is whole at rate 1', () => {
    const sizes = Array.from({ length: 50 }, (_, step) => poissonBatch(3, 1, step, 5, 0.1).length);
    expect(sizes).toContain(0);
    expect([...poissonBatch(3, 1, 0, 4, 1)]).toEqual([0, 1, 2, 3]);
  });

  it('is the same for its place, and another elsewhere', () => {
    const at = (epoch: number, batch: number): number[] => [...poissonBatch(3, epoch, batch, 1000, 0.05)];
    expect(at(2, 5)).toEqual(at(2, 5));
    expect(at(2, 5)).not.toEqual(at(2, 6));
    expect(at(2, 5)).not.toEqual(at(3, 5));
  });
});
