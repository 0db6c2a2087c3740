import { expect, test } from 'vitest';
import { readTyped, refusal, type NumberLimits } from './typed-number.ts';

const weight: NumberLimits = { minimum: 0, maximum: 1000, whole: false };
const row: NumberLimits = { minimum: 0, maximum: 23, whole: true };

test('a number in range is taken as it was typed, its ends included', () => {
  for (const [text, number] of [
    ['0', 0],
    [1000, 1000],
    ['0.25', 0.25],
    ['1.', 1],
    [' 7 ', 7],
  ] as const) {
    expect(readTyped(text, weight)).toEqual({ kind: 'taken', number });
  }
  expect(readTyped(23, row)).toEqual({ kind: 'taken', number: 23 });
});

test('what is out of range is refused, never moved into it', () => {
  for (const text of [-0.01, 1000.5, '5000', 'Infinity', 'much']) {
    expect(readTyped(text, weight)).toEqual({ kind: 'refused' });
  }
  for (const text of [-1, 24, '2.5']) expect(readTyped(text, row)).toEqual({ kind: 'refused' });
});

test('an empty field or a sign alone is still being typed', () => {
  for (const text of ['', ' ', '-', '.']) expect(readTyped(text, weight)).toEqual({ kind: 'unfinished' });
});

test('a refusal names the range and the number that stays', () => {
  expect(refusal(row, 3)).toBe('It must be a whole number from 0 to 23; 3 stays.');
  expect(refusal(weight, 0.5)).toBe('It must be a number from 0 to 1000; 0.5 stays.');
});
