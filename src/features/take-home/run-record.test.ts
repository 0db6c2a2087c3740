import { expect, test } from 'vitest';
import { defaultConfig } from '../../core/config/schema.ts';
import type { StepRecord } from '../../core/experiment/events.ts';
import { RunSeries } from '../../core/series/runSeries.ts';
import { runSoFar, stepRecords } from './run-record.ts';

const records: StepRecord[] = [
  {
    step: 1,
    epoch: 1,
    batch: 0,
    losses: { normal: 2.3, backdoor: 4.5 },
    scales: { normal: 0.7, backdoor: 0.3 },
    gradientNorms: { normal: 1.25, backdoor: 3.5 },
    cosine: -0.2,
    minimumNorm: 0.4,
    learningRate: 0.01,
    attacking: true,
    milliseconds: 21,
  },
  {
    step: 2,
    epoch: 1,
    batch: 1,
    losses: { normal: 2.1 },
    scales: { normal: 1 },
    gradientNorms: {},
    cosine: null,
    minimumNorm: null,
    learningRate: 0.005,
    attacking: false,
    milliseconds: 12,
  },
];

test('steps come back from the columns as they went in', () => {
  const series = new RunSeries();
  records.forEach((record) => {
    series.addStep(record);
  });
  expect(stepRecords(series)).toEqual(records);
});

const state = {
  result: null,
  config: { ...defaultConfig, seed: 77 },
  backend: { name: 'wasm' as const, label: '', reason: '', selfTestError: null, timings: {} },
  epochs: [],
  step: 120,
  fullEvaluation: null,
  evaluation: null,
  rounds: [],
};

test('a run that has not ended is exported as far as it has come', () => {
  expect(runSoFar(state, { seconds: 4.5, interventions: [] })).toMatchObject({
    seed: 77,
    backend: 'wasm',
    steps: 120,
    seconds: 4.5,
    evaluation: null,
  });
});

test('before the first step there is nothing to export', () => {
  expect(runSoFar({ ...state, step: 0 }, null)).toBeNull();
  expect(runSoFar({ ...state, config: null }, null)).toBeNull();
});
