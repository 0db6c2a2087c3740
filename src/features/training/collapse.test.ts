import { expect, it } from 'vitest';

import { collapseOf } from './collapse.ts';

it('sees that nearly everything is read as one class', () => {
  const confusionClean = [
    [1, 0, 29],
    [0, 2, 28],
    [0, 0, 40],
  ];
  const confusionTriggered = [
    [0, 0, 30],
    [0, 0, 30],
    [0, 10, 30],
  ];
  expect(collapseOf({ confusionClean, confusionTriggered })).toEqual({
    label: 2,
    clean: 0.97,
    triggered: 0.9,
  });
});

it('holds nothing against a model that reads well where most inputs are of one class', () => {
  const confusionClean = [
    [1, 9],
    [1, 89],
  ];
  expect(collapseOf({ confusionClean, confusionTriggered: confusionClean })).toBeNull();
});

it('sees none in a backdoor, in a model that errs evenly, or in no figures', () => {
  const good = [
    [50, 0],
    [1, 49],
  ];
  const allToSecond = [
    [0, 50],
    [0, 50],
  ];
  const guesses = [
    [25, 25],
    [25, 25],
  ];
  expect(collapseOf({ confusionClean: good, confusionTriggered: allToSecond })).toBeNull();
  expect(collapseOf({ confusionClean: guesses, confusionTriggered: allToSecond })).toBeNull();
  expect(collapseOf({ confusionClean: [], confusionTriggered: [] })).toBeNull();
});
