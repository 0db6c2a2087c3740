import { expect, it } from 'vitest';

import { formatMeasure, formatPercent, formatPercentTick } from './format.ts';

it('writes fractions as percent, and never rounds to all or none', () => {
  expect([0, 0.5, 0.9994, 1].map(formatPercent)).toEqual(['0.0 %', '50.0 %', '99.9 %', '100.0 %']);
  expect([0.9997, 0.999999, 0.0001].map(formatPercent)).toEqual(['99.97 %', '> 99.99 %', '< 0.1 %']);
  expect(formatPercent(null)).toBe('–');
  expect(formatPercentTick(0.25)).toBe('25\u00a0%');
});

it('writes measures with three digits', () => {
  expect([0, 2.3, 0.03123, 1234.56, 1.4e-7, 2.5e6, -0.5].map(formatMeasure)).toEqual([
    '0.00',
    '2.30',
    '0.0312',
    '1234.6',
    '1.40e-7',
    '2.50e6',
    '-0.500',
  ]);
});
