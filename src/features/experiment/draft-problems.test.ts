import { expect, test } from 'vitest';
import { defaultConfig, experimentSchema } from '../../core/config/schema.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { draftProblems } from './draft-problems.ts';

const mnist: DatasetInfo = {
  id: 'mnist',
  title: 'MNIST',
  shape: { height: 28, width: 28, channels: 1 },
  classes: [...'0123456789'],
  mean: [0.1307],
  deviation: [0.3081],
  source: '',
  licence: '',
};

test('the defaults have no problem', () => {
  expect(draftProblems(defaultConfig, mnist)).toEqual({});
  expect(draftProblems(defaultConfig, null)).toEqual({});
});

test('a class that the data does not have is named at its field', () => {
  const config = experimentSchema.parse({ attack: { label: { kind: 'one_target', target: 12 } } });
  expect(draftProblems(config, null)).toEqual({});
  const problem = draftProblems(config, mnist)['attack.label.target'];
  expect(problem).toMatch(/^The target class 12/);
});

test('the data set is asked only when it is the one of the draft', () => {
  const config = experimentSchema.parse({
    task: { dataset: 'mine' },
    attack: { label: { kind: 'one_target', target: 12 } },
  });
  expect(draftProblems(config, mnist)).toEqual({});
});

test('conditions between keys are told at the key', () => {
  const config = experimentSchema.parse({ training: { epochs: 2, start_epoch: 5 } });
  expect(Object.keys(draftProblems(config, mnist))).toEqual(['training.start_epoch']);
});
