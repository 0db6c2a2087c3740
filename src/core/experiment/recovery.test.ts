import { describe, expect, it } from 'vitest';
import { parseConfig } from '../config/parse.ts';
import type { ExperimentInput } from '../config/schema.ts';
import type { Checkpoint } from './checkpoint.ts';
import { hasExploded, isPast, nextStart, planRecovery, recoveryWords, withFailure } from './recovery.ts';

const at = (step: number, more: Partial<Checkpoint> = {}, input: ExperimentInput = {}): Checkpoint => ({
  version: 1,
  config: parseConfig(input),
  weights: { model: 'simplenet', inputShape: [28, 28, 1], classes: 10, parameters: [] },
  optimizer: [],
  step,
  epoch: 1,
  batch: step,
  normalLosses: [0.5],
  epochs: [],
  partialEpoch: { losses: {}, scales: {}, steps: 0, seconds: 0 },
  interventions: [],
  learningRateFactor: 1,
  seconds: 0,
  ...more,
});
const older = at(100);
const EXPLODED = { normalLosses: [0.5, 1e9] };

describe('the way on from a loss that is not finite', () => {
  it('goes one place further back at each failure at nearly the same step, at half the learning rate', () => {
    const first = planRecovery(at(300), older, 301);
    expect([first.recovery.from, first.checkpoint?.step, first.learningRateFactor]).toEqual([
      'newest',
      300,
      0.5,
    ]);
    expect(recoveryWords(first, at(300))).toBeNull();
    // A little further, at lower rates; the newest checkpoint has moved on meanwhile.
    const tried = at(303, { recovery: first.recovery, learningRateFactor: 0.5 });
    const second = planRecovery(tried, older, 304);
    expect(second).toMatchObject({
      learningRateFactor: 0.25,
      recovery: { step: 304, from: 'older', done: true },
    });
    expect(second.checkpoint).toMatchObject({
      step: 100,
      learningRateFactor: 0.25,
      recovery: second.recovery,
    });
    expect(recoveryWords(second, tried)).toEqual({
      why: 'The way it went on before led there again, at nearly the same step.',
      place: 'the older checkpoint of step 100',
      rate: '1/4 of the learning rate',
    });
    const again = at(150, { recovery: second.recovery, learningRateFactor: 0.25 });
    const third = planRecovery(again, older, 160);
    expect(third).toMatchObject({ checkpoint: null, learningRateFactor: 0.125, recovery: { from: 'start' } });
    expect(recoveryWords(third, again)?.place).toBe('the starting weights');
    const last = planRecovery(at(20, { recovery: third.recovery, learningRateFactor: 0.125 }), older, 21);
    expect(last).toMatchObject({ checkpoint: null, learningRateFactor: 0.0625, recovery: { from: 'start' } });
    // Where no later one was kept, the newest is the starting weights already.
    const kept = at(0, { recovery: third.recovery, learningRateFactor: 0.125, normalLosses: [] });
    expect(planRecovery(kept, null, 21)).toMatchObject({
      checkpoint: { step: 0 },
      recovery: { from: 'newest' },
    });
    expect(recoveryWords(planRecovery(kept, null, 21), kept)).toBeNull();
  });

  it('is the newest again after a failure that lies far behind', () => {
    const { recovery } = planRecovery(at(300), older, 301);
    expect([isPast(recovery, 351), isPast(recovery, 352)]).toEqual([false, true]);
    expect(planRecovery(at(351, { recovery }), older, 352).recovery.from).toBe('newest');
    expect(planRecovery(at(350, { recovery }), older, 351).recovery.from).toBe('older');
  });

  it('passes over what has exploded, is missing, or belongs to another run', () => {
    const start = { checkpoint: null, recovery: { from: 'start' } };
    const bad = at(300, EXPLODED);
    expect(planRecovery(bad, older, 301).checkpoint?.step).toBe(100);
    expect(recoveryWords(planRecovery(bad, older, 301), bad)?.why).toBe(
      'The checkpoint of step 300 is past saving: its weights had grown without bound already.',
    );
    expect(planRecovery(bad, null, 301)).toMatchObject(start);
    expect(planRecovery(bad, at(100, EXPLODED), 301)).toMatchObject(start);
    expect(planRecovery(bad, at(300), 301)).toMatchObject(start);
    expect(planRecovery(bad, at(100, {}, { seed: 99 }), 301)).toMatchObject(start);
    const shownOtherwise = at(100, {}, { name: 'Other', backend: 'cpu', training: { epochs: 9 } });
    expect(planRecovery(bad, shownOtherwise, 301).checkpoint).toMatchObject({
      step: 100,
      config: bad.config,
    });
  });

  it('is kept for a run that ends at the failure', () => {
    const failed = withFailure(at(300), 301);
    expect(failed.recovery).toEqual({ step: 301, from: 'newest', done: false });
    expect(planRecovery(failed, older, 301).recovery).toEqual({ step: 301, from: 'newest', done: true });
    const twice = withFailure(at(300, { recovery: { step: 301, from: 'newest', done: true } }), 301);
    expect(planRecovery(twice, older, 301).checkpoint?.step).toBe(100);
    expect(nextStart(twice.recovery, 301)).toBe('older');
  });
});

it('tells a loss that is absurd from a high one', () => {
  expect(hasExploded(at(1))).toBe(false);
  expect(hasExploded(at(0, { normalLosses: [] }))).toBe(false);
  expect(hasExploded(at(1, { normalLosses: [1e9, 30] }))).toBe(false);
  expect(hasExploded(at(1, { normalLosses: [0.1, 231] }))).toBe(true);
  expect(hasExploded(at(1, { normalLosses: [Number.NaN] }))).toBe(true);
});
