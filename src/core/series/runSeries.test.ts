import { describe, expect, it } from 'vitest';

import type { Evaluation, StepRecord } from '../experiment/events.ts';
import { csvText } from './csv.ts';
import { RunSeries } from './runSeries.ts';
import { SeriesBuffer } from './seriesBuffer.ts';

const step = (number: number, more: Partial<StepRecord> = {}): StepRecord => ({
  step: number,
  epoch: 2,
  batch: number - 1,
  losses: { normal: 2 / number, backdoor: 3 / number },
  scales: { normal: 0.25, backdoor: 0.75 },
  gradientNorms: { normal: 1.5, backdoor: 4 },
  cosine: -0.125,
  minimumNorm: 0.5,
  learningRate: 0.01,
  attacking: true,
  milliseconds: 21,
  ...more,
});

const evaluation = (number: number, scope: Evaluation['scope']): Evaluation => ({
  step: number,
  epoch: 1,
  scope,
  cleanAccuracy: { value: 0.9, n: 500 },
  cleanLoss: 0.3,
  attackSuccess: { value: 0.8, n: 451 },
  attackSuccessAll: { value: 0.82, n: 500 },
  attackLoss: 0.6,
  robustAccuracy: { value: 0.1, n: 10 },
  others: [],
  confusionClean: [],
  confusionTriggered: [],
  samples: [],
  shape: { height: 28, width: 28, channels: 1 },
  classes: [],
  seconds: 0.2,
});

describe('RunSeries', () => {
  it('writes each number of a step under its own name', () => {
    const series = new RunSeries();
    series.addStep(step(4));
    const row = Object.fromEntries(series.steps.columns.map((name) => [name, series.steps.latest(name)]));
    expect(row).toMatchObject({
      step: 4,
      epoch: 2,
      batch: 3,
      loss_normal: 0.5,
      loss_backdoor: 0.75,
      scale_normal: 0.25,
      scale_backdoor: 0.75,
      gradient_norm_normal: 1.5,
      gradient_norm_backdoor: 4,
      cosine: -0.125,
      minimum_norm: 0.5,
      learning_rate: 0.01,
      attacking: 1,
      milliseconds: 21,
    });
  });

  it('leaves a gap for what was not measured, and an empty cell in CSV', () => {
    const series = new RunSeries();
    series.addStep(step(1, { losses: { normal: 2 }, gradientNorms: {}, cosine: null, minimumNorm: null }));
    expect(series.steps.latest('loss_backdoor')).toBeNaN();
    expect(series.csv('steps')).toBe(
      'step,epoch,batch,loss_normal,loss_backdoor,scale_normal,scale_backdoor,gradient_norm_normal,' +
        'gradient_norm_backdoor,cosine,minimum_norm,learning_rate,attacking,milliseconds\r\n' +
        '1,2,0,2,,0.25,0.75,,,,,0.01,1,21\r\n',
    );
  });

  it('tells live from full evaluations and keeps both denominators', () => {
    const series = new RunSeries();
    series.addEvaluation(evaluation(50, 'live'));
    series.addEvaluation(evaluation(938, 'full'));
    expect([...series.evaluations.column('full')]).toEqual([0, 1]);
    expect(series.evaluations.latest('attack_n')).toBe(451);
    expect(series.csv('evaluations').split('\r\n')[2]).toBe('938,1,1,0.9,500,0.8,451,0.82,0.3,0.6,0.1');
  });

  it('leaves a gap for an attack success over no inputs', () => {
    const series = new RunSeries();
    series.addEvaluation({ ...evaluation(50, 'full'), attackSuccess: { value: null, n: 0 } });
    expect(series.evaluations.latest('attack_success')).toBeNaN();
    expect(series.csv('evaluations').split('\r\n')[1]).toBe('50,1,1,0.9,500,,0,0.82,0.3,0.6,0.1');
  });

  it('forgets what lies behind a checkpoint that the run goes back to', () => {
    const series = new RunSeries({ chunkRows: 4, maximumRows: 400 });
    for (let i = 1; i <= 9; i++) series.addStep(step(i));
    series.addEvaluation(evaluation(3, 'live'));
    series.addEvaluation(evaluation(6, 'live'));
    series.rewindTo(5);
    expect([...series.steps.column('step')]).toEqual([1, 2, 3, 4, 5]);
    expect([...series.evaluations.column('step')]).toEqual([3]);
    series.addStep(step(6));
    expect(series.steps.latest('step')).toBe(6);
  });

  it('calls its listeners at each change until they leave', () => {
    const series = new RunSeries();
    let calls = 0;
    const leave = series.subscribe(() => calls++);
    series.addStep(step(1));
    series.addEvaluation(evaluation(1, 'live'));
    series.clear();
    leave();
    series.addStep(step(1));
    expect(calls).toBe(3);
    expect(series.steps.length).toBe(1);
  });
});

describe('csvText', () => {
  it('reads back to the same numbers, in the asked columns', () => {
    const table = new SeriesBuffer(['a', 'b,"c"'], { chunkRows: 4, maximumRows: 4000 });
    for (let i = 0; i < 2500; i++) table.append([i / 3, i]);
    const lines = csvText(table, ['b,"c"', 'a']).trim().split('\r\n');
    expect(lines[0]).toBe('"b,""c""",a');
    expect(lines).toHaveLength(2501);
    expect(lines[2500]?.split(',').map(Number)).toEqual([2499, 833]);
    expect(Number(lines[8]?.split(',')[1])).toBe(7 / 3);
  });
});
