import { expect, test } from 'vitest';
import { placedTrigger } from '../../core/config/schema.ts';
import type { RandomPlacement } from './painter-config.ts';
import { sizeProblems, typedSize } from './size-problems.ts';

const shape = { height: 28, width: 28, channels: 1 } as const;
/** 5 rows, 3 columns. */
const pattern = placedTrigger();
const sizes = (min_size: number | null, max_size: number | null): RandomPlacement => ({
  kind: 'random',
  per: 'batch',
  min_size,
  max_size,
  flip: false,
});

test('a typed size is a whole number or nothing; the rest is refused in words', () => {
  expect(typedSize(7)).toEqual({ size: 7, problem: null });
  expect(typedSize('')).toEqual({ size: null, problem: null });
  for (const wrong of [0, -3, 2.5, 5000, '-', '1.']) {
    expect(typedSize(wrong).problem).toMatch(/whole number from 1 to 4096/);
  }
});

test('a size at which the longer side leaves the image is told with both sizes', () => {
  expect(sizeProblems(pattern, sizes(5, 16), shape)).toEqual({ smallest: null, largest: null });
  expect(sizeProblems(pattern, sizes(5, 20), shape).largest).toBe(
    'The trigger would be 33 x 20 px, the images are 28 x 28 px.',
  );
});

test('a range upside down is told at its lower end', () => {
  expect(sizeProblems(pattern, sizes(9, 4), shape)).toEqual({
    smallest: 'The smallest size is above the largest, 4 px.',
    largest: null,
  });
  expect(sizeProblems(pattern, sizes(null, null), shape)).toEqual({ smallest: null, largest: null });
});
