import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { defaultConfig } from '../core/config/schema.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { Evaluation, ExperimentEvent, StepRecord } from '../core/experiment/events.ts';
import { RunSeries } from '../core/series/runSeries.ts';
import { type KeptRuns, keptRuns } from '../storage/kept-runs.ts';
import type { RunPlace } from './protocol.ts';
import { RunKeeper } from './run-keeper.ts';

function step(number: number, loss = number): Extract<ExperimentEvent, { type: 'step' }> {
  const record: StepRecord = {
    step: number,
    epoch: 1,
    batch: number - 1,
    losses: { normal: loss },
    scales: { normal: 1 },
    gradientNorms: { normal: 2 },
    cosine: null,
    minimumNorm: null,
    learningRate: 0.1,
    attacking: true,
    milliseconds: 5,
  };
  return { type: 'step', record };
}

function evaluation(at: number): Extract<ExperimentEvent, { type: 'evaluation' }> {
  const measured: Evaluation = {
    step: at,
    epoch: 1,
    scope: 'live',
    cleanAccuracy: { value: 0.5, n: 10 },
    cleanLoss: 1,
    attackSuccess: { value: null, n: 0 },
    attackSuccessAll: { value: 0.25, n: 10 },
    attackLoss: 2,
    robustAccuracy: { value: 0.1, n: 10 },
    others: [],
    confusionClean: [[1]],
    confusionTriggered: [[1]],
    samples: [],
    shape: { height: 1, width: 1, channels: 1 },
    classes: ['only'],
    seconds: 0.1,
  };
  return { type: 'evaluation', evaluation: measured };
}

const checkpoint = (at: number): Checkpoint => ({
  version: 1,
  config: defaultConfig,
  weights: { model: 'simplenet', inputShape: [28, 28, 1], classes: 10, parameters: [] },
  optimizer: [],
  step: at,
  epoch: 1,
  batch: at,
  normalLosses: [],
  epochs: [],
  partialEpoch: { losses: {}, scales: {}, steps: 0, seconds: 0 },
  interventions: [],
  learningRateFactor: 1,
  seconds: 0,
});

const NEW: RunPlace = {
  id: 'run',
  after: -1,
  before: { steps: new Float64Array(), evaluations: [] },
  replaces: [],
};

/** What a page has of a run, and what its worker keeps. */
class Playing {
  readonly series = new RunSeries();
  readonly handedOver: number[] = [];
  private keeper: RunKeeper;

  constructor(
    private readonly runs: KeptRuns = keptRuns,
    place = NEW,
  ) {
    this.keeper = new RunKeeper(runs, place, ({ step: at }) => this.handedOver.push(at));
  }

  record(...events: ExperimentEvent[]): this {
    for (const event of events) {
      this.keeper.take(event);
      if (event.type === 'step') this.series.addStep(event.record);
      if (event.type === 'evaluation') this.series.addEvaluation(event.evaluation);
    }
    return this;
  }

  save(at: number): Promise<void> {
    return this.keeper.save(checkpoint(at));
  }

  /** Another worker goes on from a checkpoint; the page gives it what storage has not. */
  goOnFrom(at: number, kept: number | null): void {
    this.series.rewindTo(at);
    const after = kept === null ? -1 : Math.min(kept, at);
    const place = { ...NEW, after, before: this.series.records(after) };
    this.keeper = new RunKeeper(this.runs, place, () => undefined);
  }
}

const kept = () => keptRuns.loadSeries('run');
const steps = (series: RunSeries) => [...series.steps.column('step')];
const evaluated = (series: RunSeries) => series.evaluationLog.map((one) => one.step);

describe('the keeper of a run', () => {
  beforeEach(() => keptRuns.remove('run'));

  it('keeps with each checkpoint what was recorded up to it, numbers and all', async () => {
    const run = new Playing();
    await run.save(0);
    await run.record(evaluation(0), step(1), step(2)).save(2);
    await run.record(step(3), evaluation(3), step(4)).save(4);
    run.record(step(5));
    const back = await kept();
    expect((await keptRuns.load('run'))?.step).toBe(4);
    expect(steps(back)).toEqual([1, 2, 3, 4]);
    expect(evaluated(back)).toEqual([0, 3]);
    run.series.rewindTo(4);
    expect(back.csv('steps')).toBe(run.series.csv('steps'));
    expect(back.csv('evaluations')).toBe(run.series.csv('evaluations'));
    expect(back.evaluationLog).toEqual(run.series.evaluationLog);
    expect(run.handedOver).toEqual([0, 2, 4]);
  });

  it('counts each step once when the run went back to a checkpoint', async () => {
    const run = new Playing();
    await run.record(step(1)).save(1);
    await run.record(step(2), step(3)).save(3);
    run.goOnFrom(1, 3);
    await run.record(step(2, 20), step(3, 30), step(4, 40)).save(4);
    expect([...(await kept()).steps.column('loss_normal')]).toEqual([1, 20, 30, 40]);
  });

  it('adds what only the page had when the run goes on from a later checkpoint than the one kept', async () => {
    const run = new Playing();
    await run.record(step(1)).save(1);
    run.record(step(2), evaluation(2), step(3));
    run.goOnFrom(2, 1);
    await run.record(step(3, 30)).save(3);
    const back = await kept();
    expect([...back.steps.column('loss_normal')]).toEqual([1, 2, 30]);
    expect(evaluated(back)).toEqual([2]);
  });

  it('takes a run up whole that is no longer in storage', async () => {
    const run = new Playing();
    await run.record(step(1), evaluation(1)).save(1);
    await keptRuns.remove('run');
    run.goOnFrom(1, null);
    await run.record(step(2)).save(2);
    expect(steps(await kept())).toEqual([1, 2]);
    expect(evaluated(await kept())).toEqual([1]);
  });

  it('counts an evaluation once when the run starts again from its first checkpoint', async () => {
    const run = new Playing();
    await run.save(0);
    run.record(evaluation(0), step(1), step(2));
    run.goOnFrom(0, 0);
    await run.record(evaluation(0), step(1)).save(1);
    expect(evaluated(await kept())).toEqual([0]);
    expect(steps(await kept())).toEqual([1]);
  });

  it('keeps what storage refused as soon as there is room', async () => {
    let full = true;
    const save: KeptRuns['save'] = (...given) =>
      full ? Promise.reject(new Error('full')) : keptRuns.save(...given);
    const run = new Playing({ ...keptRuns, save });
    await expect(run.record(step(1)).save(1)).rejects.toThrow('full');
    await expect(run.record(step(2)).save(2)).rejects.toThrow('full');
    expect(run.handedOver).toEqual([1, 2]);
    full = false;
    await run.record(step(3)).save(3);
    expect(steps(await kept())).toEqual([1, 2, 3]);
  });
});
