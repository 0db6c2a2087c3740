import { expect, it } from 'vitest';

import { filterSamples, outcomeOf } from './outcome.ts';

const sample = (label: number, backdoorLabel: number, read: number, readClean = label) => ({
  label,
  backdoorLabel,
  clean: { label: readClean, confidence: 0.9 },
  attacked: { label: read, confidence: 0.9 },
});
const fired = sample(3, 8, 8);
const missed = sample(3, 8, 3);
const already = sample(8, 8, 8);

it('tells a backdoor that fired from one that missed and from one that cannot be told', () => {
  expect([fired, missed, already].map(outcomeOf)).toEqual(['fired', 'missed', 'already']);
});

it('credits no trigger with what the model says without it', () => {
  expect(outcomeOf(sample(3, 8, 8, 8))).toBe('already');
  expect(outcomeOf(sample(3, 8, 3, 8))).toBe('missed');
  expect(outcomeOf(sample(3, 8, 8, 5))).toBe('fired');
});

it('filters so that every sample is in exactly one of the two halves', () => {
  const all = [fired, missed, already];
  expect(filterSamples(all, 'fired')).toEqual([fired]);
  expect(filterSamples(all, 'not-fired')).toEqual([missed, already]);
  expect(filterSamples(all, 'all')).toBe(all);
});
