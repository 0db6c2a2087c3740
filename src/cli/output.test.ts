import { expect, it } from 'vitest';
import { clock, percent, shellQuote } from './output.ts';

it('tells times as a clock does', () => {
  expect([0, 41.4, 59.6, 125, 3723].map(clock)).toEqual(['0:00', '0:41', '1:00', '2:05', '1:02:03']);
  expect(clock(-3)).toBe('0:00');
});

it('tells fractions as percent, and nothing for what is not a number', () => {
  expect(percent(0.98554)).toBe('98.55 %');
  expect(percent(Number.NaN)).toBe('-');
});

it('quotes what a shell would take apart', () => {
  expect(shellQuote('training.epochs=3')).toBe('training.epochs=3');
  expect(shellQuote('name=my run')).toBe("'name=my run'");
  expect(shellQuote("it's $HOME")).toBe(`'it'\\''s $HOME'`);
  expect(shellQuote('')).toBe("''");
});
