import { expect, it } from 'vitest';

import { everyNth } from './everyNth.ts';

it('spreads rows evenly and always has the last', () => {
  expect(everyNth(5, 40)).toEqual([0, 1, 2, 3, 4]);
  expect(everyNth(11, 4)).toEqual([1, 4, 7, 10]);
  expect(everyNth(0, 4)).toEqual([]);
});
