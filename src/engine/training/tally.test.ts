import { expect, it } from 'vitest';
import { MAX_CONFUSION_CLASSES, Predictions, Tally } from './tally.ts';

it('counts what is right, what a backdoor wants, and which class is taken for which', () => {
  const tally = new Tally(3);
  // Says 1, 1, 2.
  const said = new Predictions(Float32Array.of(0.1, 0.7, 0.2, 0, 1, 0, 0.2, 0.2, 0.6), 3);
  tally.add([0, 1, 2], [1, 1, 1], said);
  expect(tally.confusion).toEqual([
    [0, 1, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(tally.figures.attackSuccess).toEqual({ value: 0.5, n: 2 });
  expect(tally.figures.robustAccuracy).toEqual({ value: 0.5, n: 2 });
  expect(tally.accuracy).toEqual({ value: 2 / 3, n: 3 });
});

it('keeps no matrix of too many classes, and counts the rest', () => {
  const classes = MAX_CONFUSION_CLASSES + 1;
  const tally = new Tally(classes);
  const said = new Float32Array(classes);
  said[7] = 1;
  tally.add([7], [7], new Predictions(said, classes));
  expect(tally.confusion).toEqual([]);
  expect(tally.accuracy).toEqual({ value: 1, n: 1 });
  expect(new Tally(MAX_CONFUSION_CLASSES).confusion).toHaveLength(MAX_CONFUSION_CLASSES);
});
