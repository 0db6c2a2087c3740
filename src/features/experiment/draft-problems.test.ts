import { expect, test } from 'vitest';
import { defaultConfig, experimentSchema } from '../../core/config/schema.ts';
import type { ImageInfo } from '../../core/datasets/dataset.ts';
import { draftProblems, type Supplies } from './draft-problems.ts';

const mnist: ImageInfo = {
  kind: 'images',
  id: 'mnist',
  title: 'MNIST',
  shape: { height: 28, width: 28, channels: 1 },
  classes: [...'0123456789'],
  mean: [0.1307],
  deviation: [0.3081],
  source: '',
  licence: '',
};

const here: Supplies = { datasets: ['mnist', 'mine'], modelImported: false };

test('the defaults have no problem', () => {
  expect(draftProblems(defaultConfig, mnist, here)).toEqual({});
  expect(draftProblems(defaultConfig, null, here)).toEqual({});
});

test('a class that the data does not have is named at its field', () => {
  const config = experimentSchema.parse({ attack: { label: { kind: 'one_target', target: 12 } } });
  expect(draftProblems(config, null, here)).toEqual({});
  const problem = draftProblems(config, mnist, here)['attack.label.target'];
  expect(problem).toMatch(/^The target class 12/);
});

test('the data set is asked only when it is the one of the draft', () => {
  const config = experimentSchema.parse({
    task: { dataset: 'mine' },
    attack: { label: { kind: 'one_target', target: 12 } },
  });
  expect(draftProblems(config, mnist, here)).toEqual({});
});

test('conditions between keys are told at the key', () => {
  const config = experimentSchema.parse({ training: { epochs: 2, start_epoch: 5 } });
  expect(Object.keys(draftProblems(config, mnist, here))).toEqual(['training.start_epoch']);
});

test('data that is not in this browser is a problem once its data sets are listed', () => {
  const config = experimentSchema.parse({ task: { dataset: 'my-data' } });
  expect(draftProblems(config, mnist, { ...here, datasets: null })).toEqual({});
  expect(draftProblems(config, null, here)['task.dataset']).toMatch(
    /^This experiment uses “my-data”, which is not in this browser\. .*MNIST\.$/,
  );
  expect(draftProblems(config, null, { ...here, datasets: ['mnist', 'my-data'] })).toEqual({});
});

test('starting weights that are not there are a problem', () => {
  const imported = experimentSchema.parse({ task: { weights: 'imported' } });
  expect(Object.keys(draftProblems(imported, mnist, here))).toEqual(['task.weights']);
  expect(draftProblems(imported, mnist, { ...here, modelImported: true })).toEqual({});
  const pretrained = experimentSchema.parse({ task: { weights: 'pretrained', dataset: 'mine' } });
  expect(draftProblems(pretrained, null, here)['task.weights']).toMatch(/no pretrained model for “mine”/);
  expect(draftProblems(experimentSchema.parse({ task: { weights: 'pretrained' } }), mnist, here)).toEqual({});
});

test('a pretrained model that is not shipped is told at the weights', () => {
  const config = experimentSchema.parse({ task: { weights: 'pretrained', model: 'resnet8' } });
  expect(draftProblems(config, mnist, here)['task.weights']).toMatch(/pretrained SimpleNet only/);
  const shipped = experimentSchema.parse({ task: { weights: 'pretrained' } });
  expect(draftProblems(shipped, mnist, here)).toEqual({});
});
