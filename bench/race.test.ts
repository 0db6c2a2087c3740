import { describe, expect, it } from 'vitest';
import { QUICK_PACE } from './pace.ts';
import { race, type Racer } from './race.ts';

const MODULES = { relaxed: new Uint8Array(), simd: new Uint8Array() };
const PACE = { ...QUICK_PACE, rounds: 3, contestantMs: 100 };

/** A contestant that notes when it is called, and takes the times it is given. */
function racer(
  name: string,
  log: string[],
  turns: (number[] | Error)[],
  refusal: string | null = null,
): Racer {
  return {
    name,
    threads: 2,
    enter: () => Promise.resolve(refusal),
    turn: () => {
      log.push(name);
      const turn = turns.shift() ?? [];
      return turn instanceof Error ? Promise.reject(turn) : Promise.resolve(turn);
    },
    failed: (thrown) => Promise.resolve(`failed: ${(thrown as Error).message}`),
    leave: (_, medianMs) => {
      log.push(`${name} left at ${medianMs}`);
      return Promise.resolve();
    },
  };
}

describe('a race', () => {
  it('gives every contestant a turn in every round, each round begun by another', async () => {
    const log: string[] = [];
    const a = racer('a', log, [[1, 2], [3], [4, 5]]);
    const b = racer('b', log, [[10], [20], [30]]);
    const outcomes = await race('nc_step', [a, b], PACE, MODULES);
    expect(log).toEqual(['a', 'b', 'b', 'a', 'a', 'b', 'a left at 3', 'b left at 20']);
    expect(outcomes.get(a)).toEqual({ summary: { median: 3, spread: 2 / 3, samples: 5 }, threads: 2 });
    expect(outcomes.get(b)).toMatchObject({ summary: { median: 20, samples: 3 } });
  });

  it('goes on without those that cannot take part or fail, and keeps why', async () => {
    const log: string[] = [];
    const absent = racer('absent', log, [], 'no GPU adapter');
    const broken = racer('broken', log, [[1], new Error('out of memory')]);
    const sound = racer('sound', log, [[2], [2], [2]]);
    const outcomes = await race('nc_step', [absent, broken, sound], PACE, MODULES);
    expect(outcomes.get(absent)).toEqual({ skipped: 'no GPU adapter' });
    expect(outcomes.get(broken)).toEqual({ skipped: 'failed: out of memory' });
    expect(outcomes.get(sound)).toMatchObject({ summary: { median: 2, spread: 0 } });
    expect(log.filter((entry) => entry === 'broken')).toHaveLength(2);
  });

  it('lets a slow contestant off after its time, with what it has', async () => {
    const log: string[] = [];
    const slow = racer('slow', log, [[400]]);
    const outcomes = await race('nc_step', [slow], PACE, MODULES);
    expect(outcomes.get(slow)).toEqual({ summary: { median: 400, spread: 0, samples: 1 }, threads: 2 });
    expect(log).toEqual(['slow', 'slow left at 400']);
  });
});
