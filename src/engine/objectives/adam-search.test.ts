import { expect, it } from 'vitest';
import { AdamSearch } from './adam-search.ts';

it('takes a share of its learning rate where a step is given one', () => {
  const after = (share?: number): Float32Array => {
    const values = Float32Array.of(1, 2);
    const adam = new AdamSearch([values], 0.1);
    adam.step([Float32Array.of(3, -0.5)], share);
    return values;
  };
  // The first step of Adam is the learning rate, against each slope.
  expect([...after()].map((value) => value.toFixed(4))).toEqual(['0.9000', '2.1000']);
  expect([...after(0.25)].map((value) => value.toFixed(4))).toEqual(['0.9750', '2.0250']);
  expect([...after(0)]).toEqual([1, 2]);
});
