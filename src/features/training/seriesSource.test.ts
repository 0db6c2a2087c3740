import { expect, it } from 'vitest';

import type { Evaluation } from '../../core/experiment/events.ts';
import { RunSeries } from '../../core/series/runSeries.ts';
import { evaluationSource, stepSource } from './seriesSource.ts';

function measured(step: number, scope: 'live' | 'full', clean: number): Evaluation {
  const rate = (value: number) => ({ value, n: 500 });
  return {
    step,
    epoch: 1,
    scope,
    cleanAccuracy: rate(clean),
    cleanLoss: 0.3,
    attackSuccess: rate(0.4),
    attackSuccessAll: rate(0.5),
    attackLoss: 0.2,
    robustAccuracy: { value: 0.1, n: 10 },
    others: [],
    confusionClean: [],
    confusionTriggered: [],
    samples: [],
    shape: { height: 28, width: 28, channels: 1 },
    classes: [],
    seconds: 1,
  };
}

it('gives a chart the evaluations, and those on the whole test set apart', () => {
  const series = new RunSeries();
  const source = evaluationSource(series);
  const before = source.version();
  series.addEvaluation(measured(50, 'live', 0.8));
  series.addEvaluation(measured(938, 'full', 0.98));
  expect(source.version()).not.toBe(before);
  const { x, columns } = source.read(['clean_accuracy', 'clean_accuracy_full']);
  expect([...x]).toEqual([50, 938]);
  expect(columns.map((column) => [...column])).toEqual([
    [0.8, 0.98],
    [Number.NaN, 0.98],
  ]);
});

it('does not redraw a chart of steps for an evaluation', () => {
  const series = new RunSeries();
  const source = stepSource(series);
  const before = source.version();
  series.addEvaluation(measured(50, 'live', 0.8));
  expect(source.version()).toBe(before);
  expect(source.read(['loss_normal']).x).toHaveLength(0);
});
