import { expect, it } from 'vitest';
import { configFromYaml } from '../../core/config/yaml.ts';
import { configToYaml } from '../../core/config/yaml-write.ts';
import { defaultConfig } from '../../core/config/schema.ts';
import type { ImageInfo } from '../../core/datasets/dataset.ts';
import { createExperimentStore } from '../../state/experiment-store.ts';
import { orderOfClasses, parseWeights } from './class-weights.ts';
import { draftProblems } from './draft-problems.ts';

const three: ImageInfo = {
  kind: 'images',
  id: 'mnist',
  title: 'Three',
  shape: { height: 28, width: 28, channels: 1 },
  classes: ['ant', 'bee', 'cow'],
  mean: [0.1],
  deviation: [0.3],
  source: '',
  licence: '',
};

/** What is said of the weights once they are typed with weighted sampling. */
function typed(text: string) {
  const store = createExperimentStore(defaultConfig);
  expect(store.getState().setPath('training.sampling', 'weighted')).toBe(true);
  const weights = parseWeights(text);
  if (typeof weights === 'string') throw new RangeError(weights);
  expect(store.getState().setPath('training.class_weights', weights)).toBe(true);
  const { draft } = store.getState();
  const supplies = { datasets: ['mnist'], modelImported: false };
  return { draft, problem: draftProblems(draft, three, supplies)['training.class_weights'] };
}

it('weights are read with commas, blanks or lines between them, and go through YAML unchanged', () => {
  const { draft, problem } = typed('0.25, 3;0\n');
  expect(problem).toBeUndefined();
  expect(draft.training.class_weights).toEqual([0.25, 3, 0]);
  const read = configFromYaml(configToYaml(draft)).config;
  expect(read.training).toEqual(draft.training);
});

it.each([
  ['1, x, 2', /“x” is no number/],
  ['1, -0.5, 2', /-0\.5 is below 0/],
  ['1, 2e6', /2e6 is above 1,000,000/],
  ['1, Infinity', /no number/],
])('%s is refused', (text, why) => {
  expect(parseWeights(text)).toMatch(why);
});

it.each([
  ['1, 2', /There are 2 class weights, and Three has 3 classes.*Give 3 weights/],
  ['1, 2, 3, 4', /There are 4 class weights/],
  ['0, 0, 0', /No class has a weight above 0/],
  ['', /No class has a weight above 0/],
])('“%s” is taken and told of at its field', (text, why) => {
  expect(typed(text).problem).toMatch(why);
});

it('says which weight is whose, of many the first', () => {
  expect(orderOfClasses(['ant', '1'])).toBe('One for each of the 2 classes, in their order: 0 ant, 1.');
  expect(orderOfClasses(Array.from({ length: 30 }, (_, at) => `c${at}`))).toMatch(/11 c11, …\.$/);
});
