import { describe, expect, it } from 'vitest';

import { defaultConfig } from '../../core/config/schema.ts';
import type { Evaluation } from '../../core/experiment/events.ts';
import { describeRun, type RunFacts } from './sentence.ts';

function evaluation(clean: number, attack: number, step = 312): Evaluation {
  return {
    step,
    epoch: 1,
    scope: 'live',
    cleanAccuracy: { value: clean, n: 500 },
    cleanLoss: 0.1,
    attackSuccess: { value: attack, n: 451 },
    attackSuccessAll: { value: attack, n: 500 },
    attackLoss: 0.1,
    robustAccuracy: { value: 0.1, n: 10 },
    others: [],
    confusionClean: [],
    confusionTriggered: [],
    samples: [],
    shape: { height: 28, width: 28, channels: 1 },
    classes: [],
    seconds: 0.1,
  };
}

const running: RunFacts = {
  phase: 'running',
  pauseReason: null,
  step: 320,
  evaluation: evaluation(0.978, 0.98),
  attacking: true,
  weights: 'random',
  attack: defaultConfig.attack,
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  noun: { one: 'digit', many: 'digits', triggered: 'stamped' },
};

const waitingAttack: RunFacts['attack'] = {
  ...defaultConfig.attack,
  injection: {
    kind: 'loss',
    objectives: ['backdoor', 'normal'],
    proportion: 1,
    cover: 0,
    balancer: { kind: 'mgda', normalize: 'loss' },
    loss_threshold: 0.25,
    clip_batch: null,
  },
};

describe('the sentence under the chart', () => {
  it('says what both figures mean', () => {
    expect(describeRun(running)).toBe(
      'After 312 steps the network reads 97.8 % of clean digits right, and 98 of 100 stamped digits as 8.',
    );
  });

  it('says when attack success cannot be measured', () => {
    const unmeasured = { ...evaluation(0.978, 0), attackSuccess: { value: null, n: 0 } };
    const why = 'Attack success cannot be measured: no test input is anything but 8 already.';
    const facts = { ...running, evaluation: unmeasured };
    expect(describeRun(facts)).toBe(`After 312 steps the network reads 97.8 % of clean digits right. ${why}`);
    const control = { ...facts, attack: { ...facts.attack, enabled: false } };
    expect(describeRun(control)).toContain(`Nothing attacked it. ${why}`);
    const alone = { ...facts, evaluation: { ...unmeasured, step: 0, scope: 'full' as const } };
    expect(describeRun(alone)).toBe(
      `Measured without training: the network reads 97.8 % of clean digits right. ${why}`,
    );
  });

  it('says before the start what will happen', () => {
    const ready: RunFacts = { ...running, phase: 'ready', evaluation: null, attacking: null, step: 0 };
    expect(describeRun(ready)).toMatch(/^Press Run: .* read every stamped digit as 8\.$/);
    expect(describeRun({ ...ready, attack: { ...ready.attack, enabled: false } })).toMatch(
      /without an attack/,
    );
    expect(describeRun({ ...ready, phase: 'running' })).toMatch(/^Training has begun/);
    expect(describeRun({ ...ready, phase: 'preparing' })).toMatch(/^Getting ready/);
    expect(describeRun({ ...ready, phase: 'stopped' })).toMatch(/^Stopped before/);
  });

  it('calls a clean run the control', () => {
    const clean = {
      ...running,
      attacking: false,
      attack: { ...running.attack, enabled: false },
      evaluation: evaluation(0.985, 0.012),
    };
    expect(describeRun(clean)).toBe(
      'After 312 steps the network reads 98.5 % of clean digits right. Nothing attacked it: it reads 1 of 100 stamped digits as 8, and that is the control.',
    );
  });

  it('says so when the attack fails, and when it is on its way', () => {
    expect(describeRun({ ...running, evaluation: evaluation(0.95, 0.12) })).toMatch(
      /right, but the attack has not taken hold: it reads only 12 of 100 stamped digits as 8\.$/,
    );
    expect(describeRun({ ...running, evaluation: evaluation(0.95, 0.71) })).toMatch(/already 71 of 100/);
  });

  it('says nothing of on its way once the run is over', () => {
    for (const phase of ['done', 'stopped'] as const) {
      expect(describeRun({ ...running, phase, evaluation: evaluation(0.95, 0.71) })).toMatch(
        /right, and 71 of 100 stamped digits as 8\.$/,
      );
    }
  });

  it('promises a network that reads already no lessons in reading', () => {
    const ready: RunFacts = { ...running, phase: 'ready', evaluation: null, attacking: null, step: 0 };
    expect(describeRun({ ...ready, weights: 'pretrained' })).toBe(
      'Press Run: the network reads digits already, and will learn to read every stamped digit as 8.',
    );
    const clean = { ...ready, attack: { ...ready.attack, enabled: false } };
    expect(describeRun({ ...clean, weights: 'pretrained' })).toMatch(
      /reads digits already and goes on learning,/,
    );
    expect(describeRun({ ...ready, weights: 'imported' })).toMatch(
      /^Press Run: the imported network will learn to/,
    );
  });

  it('calls a model that reads everything as one class collapsed', () => {
    const all = (label: number, share: number) =>
      Array.from({ length: 10 }, (_, row) =>
        Array.from({ length: 10 }, (_, column) =>
          column === label ? 10 * share : row === column ? 10 - 10 * share : 0,
        ),
      );
    const fallen = {
      ...evaluation(0.07, 1),
      confusionClean: all(8, 1),
      confusionTriggered: all(8, 1),
    };
    expect(describeRun({ ...running, phase: 'done', evaluation: fallen })).toBe(
      'Done: after 312 steps the network reads nearly every clean digit as 8, stamped or not, so only 7.0 % are right: that is a collapsed model, not a backdoor.',
    );
    const partly = { ...fallen, confusionClean: all(3, 0.7), confusionTriggered: all(8, 1) };
    expect(describeRun({ ...running, evaluation: partly })).toMatch(
      /most clean digits as 3, so only 7\.0 % are right/,
    );
    expect(describeRun({ ...running, evaluation: { ...fallen, step: 0 } })).toMatch(
      /^Before the first step .*: it has yet to learn\.$/,
    );
  });

  it('says of a model that was only measured that no run was made', () => {
    const alone = (attack: number) =>
      describeRun({
        ...running,
        phase: 'ready',
        attacking: false,
        evaluation: { ...evaluation(0.98, attack, 0), scope: 'full', epoch: 0 },
      });
    expect(alone(0.99)).toBe(
      'Measured without training: the network reads 98.0 % of clean digits right, and 99 of 100 stamped digits as 8.',
    );
    expect(alone(0.01)).toMatch(/and only 1 of 100 stamped digits as 8: this trigger does not fire in it\.$/);
  });

  it('says that a loss threshold holds the attack back, and which', () => {
    const held = { ...running, attack: waitingAttack, attacking: false, evaluation: evaluation(0.8, 0.1) };
    expect(describeRun(held)).toMatch(/The attack waits: it starts once the mean normal loss is below 0\.25/);
  });

  it('names the goal of all-to-all', () => {
    const shifted = (shift: number): string =>
      describeRun({ ...running, attack: { ...running.attack, label: { kind: 'all_to_all', shift } } });
    expect(shifted(1)).toMatch(/98 of 100 stamped digits as the next digit\.$/);
    expect(shifted(3)).toMatch(/as the class 3 further on\.$/);
  });

  it('says what to do when the loss is no longer a number', () => {
    const broken: RunFacts = { ...running, phase: 'paused', pauseReason: 'nan', step: 77 };
    expect(describeRun(broken)).toMatch(/^Paused at step 77: the loss is no longer a number\. Go on at half/);
  });

  it('opens with what became of the run', () => {
    expect(describeRun({ ...running, phase: 'done', evaluation: evaluation(0.98, 0.99, 1876) })).toMatch(
      /^Done: after 1,876 steps the network/,
    );
    expect(describeRun({ ...running, phase: 'paused', pauseReason: 'user' })).toMatch(/^Paused: after 312/);
    expect(describeRun({ ...running, evaluation: evaluation(0.98, 0.99, 1) })).toMatch(/^After 1 step the/);
    expect(describeRun({ ...running, evaluation: evaluation(0.98, 0.01, 0) })).toMatch(
      /^Before the first step/,
    );
  });

  it('never rounds to all or none', () => {
    expect(describeRun({ ...running, evaluation: evaluation(0.9999, 0.9978) })).toMatch(
      /99\.99 % .* more than 99 of 100/,
    );
    expect(describeRun({ ...running, evaluation: evaluation(1, 1) })).toMatch(/100\.0 % .* 100 of 100/);
    expect(describeRun({ ...running, evaluation: evaluation(0.11, 0.002) })).toMatch(
      /only fewer than 1 of 100/,
    );
  });
});
