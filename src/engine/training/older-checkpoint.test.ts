import { expect, it } from 'vitest';
import type { Checkpoint } from '../../core/experiment/checkpoint.ts';
import { OlderCheckpoint } from './older-checkpoint.ts';
import { tinyConfig } from './run.test-support.ts';

const at = (step: number, seconds = 0, loss = 0.5): Checkpoint => ({
  version: 1,
  config: tinyConfig(),
  weights: { model: 'simplenet', inputShape: [16, 17, 1], classes: 3, parameters: [] },
  optimizer: [],
  step,
  epoch: 1,
  batch: step,
  normalLosses: [loss],
  epochs: [],
  partialEpoch: { losses: {}, scales: {}, steps: 0, seconds: 0 },
  interventions: [],
  learningRateFactor: 1,
  seconds,
});

/** The steps of the older ones that were kept while these were the newest in turn. */
async function kept(...newest: Checkpoint[]): Promise<number[]> {
  const steps: number[] = [];
  const older = new OlderCheckpoint();
  for (const checkpoint of newest) {
    await older.follow(checkpoint, {
      save: () => Promise.resolve(),
      load: () => Promise.resolve(null),
      saveOlder: ({ step }) => Promise.resolve(void steps.push(step)),
    });
  }
  return steps;
}

it('keeps one that lies 100 steps behind, or a minute in at least 20', async () => {
  expect(await kept(at(0), at(50), at(99))).toEqual([]);
  expect(await kept(at(0), at(50), at(100), at(150), at(230))).toEqual([0, 100]);
  expect(await kept(at(0), at(19, 500), at(25, 59), at(30, 60), at(49, 200), at(50, 200))).toEqual([0, 30]);
});

it('keeps none that has exploded', async () => {
  expect(await kept(at(0), at(100), at(200, 0, 1e9), at(300, 0, Number.NaN))).toEqual([0]);
});
