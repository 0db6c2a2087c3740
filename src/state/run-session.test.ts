import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { Evaluation, StepRecord } from '../core/experiment/events.ts';
import { RunSeries } from '../core/series/runSeries.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import type { JobListeners } from '../workers/client.ts';
import type { Control, Job } from '../workers/protocol.ts';
import { RunSession } from './run-session.ts';
import { IDLE, type RunState } from './run-state.ts';

type RunJob = Extract<Job, { kind: 'run' }>;

const started = vi.hoisted(() => ({
  jobs: [] as RunJob[],
  keep: undefined as JobListeners['onSnapshot'],
  controls: [] as Control[],
}));

/** Workers whose run does nothing until it is told to stop. */
vi.mock('./workers.ts', () => ({
  labWorkers: () => ({
    start: (job: RunJob, { onSnapshot }: JobListeners) => {
      let fail: (error: unknown) => void = () => undefined;
      started.jobs.push(job);
      started.keep = onSnapshot;
      return {
        result: new Promise((_, reject) => (fail = reject)),
        control: (control: Control) => {
          started.controls.push(control);
          if (control.action === 'cancel')
            fail(new LabError({ code: 'E-CANCELLED', what: '', why: '', fix: '' }));
        },
      };
    },
  }),
}));

const config = parseConfig({});

const never = (): never => {
  throw new Error('No run was started.');
};
const fixed = { kind: 'fixed' as const, scales: { normal: 0.5, backdoor: 0.5 } };

const at = (step: number, more: Partial<Checkpoint> = {}): Checkpoint => ({
  version: 1,
  config,
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

const measured = (step: number, scope: Evaluation['scope']): Evaluation => ({
  step,
  epoch: 1,
  scope,
  cleanAccuracy: { value: 0.9, n: 10 },
  cleanLoss: 0.3,
  attackSuccess: { value: 0.8, n: 9 },
  attackSuccessAll: { value: 0.8, n: 10 },
  attackLoss: 0.6,
  robustAccuracy: { value: 0.1, n: 10 },
  others: [],
  confusionClean: [],
  confusionTriggered: [],
  samples: [],
  shape: { height: 28, width: 28, channels: 1 },
  classes: [],
  seconds: 0.1,
});

const firstStep: StepRecord = {
  step: 1,
  epoch: 1,
  batch: 0,
  losses: { normal: 2 },
  scales: { normal: 1 },
  gradientNorms: {},
  cosine: null,
  minimumNorm: null,
  learningRate: 0.1,
  attacking: true,
  milliseconds: 5,
};

describe('recovery from a loss that is not finite', () => {
  let state: RunState;
  let session: RunSession;
  /** The run keeps this checkpoint, and fails after `done` steps. */
  const fail = (checkpoint: Checkpoint, done: number): void => {
    started.keep?.(checkpoint);
    state = { ...state, phase: 'paused', pauseReason: 'nan', step: done };
  };
  const lastJob = (): RunJob => started.jobs.at(-1) ?? never();
  const said = (): string[] => state.warnings.map(({ why, fix }) => `${why} ${fix}`);

  beforeEach(() => {
    started.controls.length = 0;
    state = { ...IDLE, series: new RunSeries(), saved: null, importedWeights: null } as unknown as RunState;
    session = new RunSession(
      () => state,
      (change) => (state = { ...state, ...change }),
      () => undefined,
      () => undefined,
    );
    session.start(config, 'run');
  });

  it('shows the figures that were measured up to the checkpoint it goes on from', async () => {
    const full = measured(100, 'full');
    const live = measured(150, 'live');
    for (const one of [measured(50, 'live'), full, live, measured(200, 'live')])
      state.series.addEvaluation(one);
    state.series.addStep(firstStep);
    fail(at(160), 210);
    await session.recover(config);
    expect(state.evaluation).toEqual(live);
    expect(state.fullEvaluation).toEqual(full);
  });

  it('goes back to the last checkpoint, the older one, the starting weights, and says so', async () => {
    await keptRuns.saveOlder(lastJob().place.id, at(100));
    fail(at(300), 310);
    expect(session.mustGoBack).toBe(false);
    await session.recover(config);
    expect(lastJob().checkpoint).toMatchObject({ step: 300, learningRateFactor: 0.5 });
    expect(said()).toEqual([]);

    fail({ ...at(310), learningRateFactor: 0.5, recovery: lastJob().checkpoint?.recovery }, 312);
    expect(session.mustGoBack).toBe(true);
    await session.recover(config);
    expect(lastJob().checkpoint).toMatchObject({ step: 100, learningRateFactor: 0.25 });
    expect(said()).toEqual([
      expect.stringMatching(
        /nearly the same step.*older checkpoint of step 100, at 1\/4 of the learning rate/,
      ),
    ]);

    fail({ ...at(200), learningRateFactor: 0.25, recovery: lastJob().checkpoint?.recovery }, 202);
    await session.recover(config);
    const fresh = { learningRateFactor: 0.125, recovery: { step: 203, from: 'start', done: true } };
    expect(lastJob()).toMatchObject({ checkpoint: null, fresh });
    expect(said()).toEqual([expect.stringMatching(/starting weights, at 1\/8 of the learning rate/)]);
    expect(state.series.steps.length).toBe(0);
  });

  it('passes over a last checkpoint that has exploded, and keeps the balancer that was set by hand', async () => {
    await keptRuns.saveOlder(lastJob().place.id, at(100));
    const interventions = [{ step: 250, balancer: fixed }];
    fail(at(300, { normalLosses: [1e12], interventions }), 301);
    expect(session.mustGoBack).toBe(true);
    await session.recover(config);
    expect(lastJob().checkpoint).toMatchObject({ step: 100, learningRateFactor: 0.5 });
    expect(started.controls.at(-1)).toEqual({ action: 'balance', balancer: fixed });
    expect(said()).toEqual([expect.stringMatching(/step 300 is past saving.*older checkpoint of step 100/)]);
  });

  it('goes back to the starting weights where there is no older one', async () => {
    fail(at(300, { normalLosses: [Number.NaN] }), 301);
    await session.recover(config);
    expect(lastJob()).toMatchObject({ checkpoint: null, fresh: { learningRateFactor: 0.5 } });
    expect(said()).toEqual([expect.stringContaining('starting weights')]);
  });

  it('keeps the last checkpoint where a snapshot is taken for export while the loss is no number', async () => {
    fail(at(300), 310);
    const snapshot = session.snapshot();
    started.keep?.(at(310, { normalLosses: [1e12] }));
    expect((await snapshot)?.step).toBe(310);
    expect(session.mustGoBack).toBe(false);
    await session.recover(config);
    expect(lastJob().checkpoint).toMatchObject({ step: 300 });
  });

  it('gives each run a place of its own, and goes on in it', async () => {
    const first = lastJob().place;
    expect(first).toMatchObject({ after: -1, replaces: [] });
    state.series.addStep(firstStep);
    fail(at(1), 1);
    session.kept(1);
    await session.recover(config);
    expect(lastJob().place).toMatchObject({ id: first.id, after: 1, replaces: [] });
    await session.stop();
    session.start(config, 'run');
    const second = lastJob().place;
    expect(second.id).not.toBe(first.id);
    expect(second).toMatchObject({ after: -1, replaces: [first.id] });
  });

  it('keeps a run whole again that comes back after another took its room', async () => {
    const { id } = lastJob().place;
    state.series.addStep(firstStep);
    fail(at(1), 1);
    session.kept(1);
    await session.stop();
    session.start(config, 'run');
    session.kept(0);
    await session.restorePast();
    session.goOn(config, at(1));
    expect(lastJob().place).toMatchObject({ id, after: -1 });
    expect(lastJob().place.before.steps[0]).toBe(1);
  });
});
