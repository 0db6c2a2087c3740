import { describe, expect, it } from 'vitest';
import { params } from './neural-cleanse.ts';
import { type CostState, initialCost, nextCost } from './trigger-cost.ts';

const settings = params.parse({ kind: 'neural_cleanse' });

/** Feeds steps of [success, norm] and gives the state after each. */
function run(steps: readonly (readonly [number, number])[], changes: object = {}): CostState[] {
  const used = { ...settings, ...changes };
  let state = initialCost(used);
  return steps.map(([success, norm]) => (state = nextCost(used, state, success, norm).state));
}

const times = <T>(count: number, step: T): T[] => Array.from({ length: count }, () => step);

describe('the weight of the mask', () => {
  it('is set after five steps of success, doubles after five more, and falls faster than it rises', () => {
    const states = run([...times(9, [1, 50] as const), ...times(5, [0.5, 40] as const)]);
    expect(states[3]?.cost).toBe(0);
    expect(states[4]?.cost).toBe(0.001);
    expect(states[7]?.cost).toBe(0.001);
    expect(states[8]).toMatchObject({ cost: 0.002, risen: true, fallen: false });
    expect(states[13]?.cost).toBeCloseTo(0.002 / 2 ** 1.5, 12);
    expect(states[13]).toMatchObject({ risen: true, fallen: true });
  });

  it('counts what comes in a row alone', () => {
    const states = run([...times(4, [1, 9] as const), [0, 9], ...times(4, [1, 9] as const)]);
    expect(states.at(-1)?.cost).toBe(0);
  });

  it('of ART stays at its first value while the trigger works', () => {
    const states = run(times(30, [1, 50]), { cost_start: 'initial', cost_restarts: true });
    expect(states.at(-1)?.cost).toBe(0.001);
  });
});

describe('the end of a search', () => {
  it('comes after 25 steps without a smaller trigger, once the weight has risen and fallen', () => {
    const up = times(9, [1, 50] as const);
    const states = run([...up, ...times(60, [0.5, 40] as const)]);
    expect(states.findIndex(({ done }) => done)).toBe(25);
    expect(run([...up, ...times(60, [1, 50] as const)]).some(({ done }) => done)).toBe(false);
  });

  it('is put off by each smaller trigger that works', () => {
    const up = times(9, [1, 50] as const);
    const states = run([...up, ...times(10, [0, 40] as const), [1, 49], ...times(40, [0, 40] as const)]);
    expect(states[19]).toMatchObject({ best: 49, stalled: 0 });
    expect(states.findIndex(({ done }) => done)).toBe(19 + 25);
  });

  it('keeps no trigger that does not work', () => {
    const { isBest } = nextCost(settings, initialCost(settings), 0.98, 3);
    expect(isBest).toBe(false);
    expect(run([[0.98, 3]]).at(-1)?.best).toBe(Infinity);
  });
});
