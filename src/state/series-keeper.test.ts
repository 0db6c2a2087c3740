import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Evaluation, ExperimentEvent, StepRecord } from '../core/experiment/events.ts';
import { RunSeries } from '../core/series/runSeries.ts';
import { openDatabase, type SeriesPiece } from '../storage/database.ts';
import { seriesStore } from '../storage/series-store.ts';
import { SeriesKeeper } from './series-keeper.ts';

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

const started = (at: number): ExperimentEvent => ({
  type: 'started',
  backend: { name: 'wasm', label: '', reason: '', selfTestError: null, timings: {} },
  parameters: 1,
  stepsPerEpoch: 10,
  totalSteps: 10,
  step: at,
});
const checkpoint = (at: number): ExperimentEvent => ({ type: 'checkpoint', step: at, epoch: 1 });

/** What the page does with each event of a run. */
function play(keeper: SeriesKeeper, series: RunSeries, events: readonly ExperimentEvent[]): void {
  for (const event of events) {
    keeper.take(event, series);
    if (event.type === 'step') series.addStep(event.record);
    if (event.type === 'evaluation') series.addEvaluation(event.evaluation);
  }
}

const steps = (series: RunSeries) => [...series.steps.column('step')];
const evaluated = (series: RunSeries) => series.evaluationLog.map((one) => one.step);

describe('the series of a run', () => {
  const failures: unknown[] = [];
  const keeperOfNewPage = () => new SeriesKeeper(seriesStore, (thrown) => failures.push(thrown));
  let keeper = keeperOfNewPage();

  beforeEach(async () => {
    await seriesStore.clear();
    failures.length = 0;
    keeper = keeperOfNewPage();
  });

  it('comes back after a reload up to the last checkpoint, numbers and all', async () => {
    const series = new RunSeries();
    play(keeper, series, [started(0), checkpoint(0), evaluation(0), step(1), step(2), checkpoint(2)]);
    play(keeper, series, [step(3), evaluation(3), step(4), checkpoint(4), step(5)]);
    await keeper.settled();
    const back = await keeperOfNewPage().load();
    expect(steps(back)).toEqual([1, 2, 3, 4]);
    expect(evaluated(back)).toEqual([0, 3]);
    back.rewindTo(4);
    series.rewindTo(4);
    expect(back.csv('steps')).toBe(series.csv('steps'));
    expect(back.csv('evaluations')).toBe(series.csv('evaluations'));
    expect(back.evaluationLog).toEqual(series.evaluationLog);
  });

  it('comes back whole from more pieces than are read at once', async () => {
    const all = Array.from({ length: 120 }, (_, index) => index + 1);
    play(keeper, new RunSeries(), [started(0), ...all.flatMap((at) => [step(at), checkpoint(at)])]);
    await keeper.settled();
    expect(steps(await keeperOfNewPage().load())).toEqual(all);
  });

  it('counts each step once when the run went back to a checkpoint, also over two reloads', async () => {
    play(keeper, new RunSeries(), [started(0), step(1), checkpoint(1), step(2), step(3), checkpoint(3)]);
    await keeper.settled();
    const second = keeperOfNewPage();
    const resumed = await second.load();
    resumed.rewindTo(1);
    play(second, resumed, [started(1), step(2, 20), step(3, 30), step(4, 40), checkpoint(4)]);
    await second.settled();
    const third = await keeperOfNewPage().load();
    expect(steps(third)).toEqual([1, 2, 3, 4]);
    expect([...third.steps.column('loss_normal')]).toEqual([1, 20, 30, 40]);
  });

  it('forgets the run before when another begins, and takes it up whole when that one comes back', async () => {
    const first = new RunSeries();
    play(keeper, first, [started(0), step(1), checkpoint(1)]);
    play(keeper, new RunSeries(), [started(0), step(1, 7), checkpoint(1)]);
    await keeper.settled();
    const stored = await keeperOfNewPage().load();
    expect(stored.steps.at('loss_normal', 0)).toBe(7);
    play(keeper, first, [started(1), step(2), checkpoint(2)]);
    await keeper.settled();
    expect(steps(await keeperOfNewPage().load())).toEqual([1, 2]);
  });

  it('keeps what was not stored yet when the run goes on from a later checkpoint that only the page has', async () => {
    const series = new RunSeries();
    play(keeper, series, [started(0), step(1), checkpoint(1), step(2), evaluation(2), step(3)]);
    series.rewindTo(2);
    play(keeper, series, [started(2), step(3, 30), checkpoint(3)]);
    await keeper.settled();
    const back = await keeperOfNewPage().load();
    expect([...back.steps.column('loss_normal')]).toEqual([1, 2, 30]);
    expect(evaluated(back)).toEqual([2]);
  });

  it('counts an evaluation once when the run starts again from its first checkpoint', async () => {
    const series = new RunSeries();
    play(keeper, series, [started(0), checkpoint(0), evaluation(0), step(1), step(2)]);
    series.rewindTo(0);
    play(keeper, series, [started(0), checkpoint(0), evaluation(0), step(1), checkpoint(1)]);
    await keeper.settled();
    const back = await keeperOfNewPage().load();
    expect(evaluated(series)).toEqual([0]);
    expect(evaluated(back)).toEqual([0]);
    expect(steps(back)).toEqual([1]);
  });

  it('stores what storage refused as soon as there is room', async () => {
    let full = true;
    const append = (piece: SeriesPiece) =>
      full ? Promise.reject(new Error('full')) : seriesStore.append(piece);
    const short = new SeriesKeeper({ ...seriesStore, append }, (thrown) => failures.push(thrown));
    const series = new RunSeries();
    play(short, series, [started(0), step(1), checkpoint(1), step(2), checkpoint(2)]);
    await short.settled();
    expect(steps(await keeperOfNewPage().load())).toEqual([]);
    full = false;
    play(short, series, [step(3), checkpoint(3)]);
    await short.settled();
    expect(steps(await keeperOfNewPage().load())).toEqual([1, 2, 3]);
  });

  it('says when storage fails, and goes on', async () => {
    const broken = new SeriesKeeper(
      { ...seriesStore, append: () => Promise.reject(new Error('full')) },
      (thrown) => failures.push(thrown),
    );
    play(broken, new RunSeries(), [started(0), step(1), checkpoint(1), step(2), checkpoint(2)]);
    await broken.settled();
    expect(failures).toHaveLength(2);
  });

  it('leaves out what another version of the lab wrote', async () => {
    const database = await openDatabase();
    await database.add('series', { after: 0, width: 3, steps: Float64Array.of(1, 2, 3), evaluations: [] });
    expect((await keeper.load()).steps.length).toBe(0);
  });
});
