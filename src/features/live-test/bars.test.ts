import { expect, it } from 'vitest';
import { classBars } from './bars.ts';

it('shows up to ten classes in their order, and says which the model says', () => {
  const bars = classBars([0.2, 0.7, 0.1], ['cat', 'dog'], 2);
  expect(bars.map(({ name }) => name)).toEqual(['cat', 'dog', '2']);
  expect(bars.map(({ said }) => said)).toEqual([false, true, false]);
  expect(bars.map(({ wanted }) => wanted)).toEqual([false, false, true]);
});

it('shows the likeliest ten of many, the first of equals first', () => {
  const probabilities = Float32Array.from({ length: 40 }, (_, label) => (label === 33 ? 0.5 : label % 20));
  const bars = classBars(probabilities, [], null);
  expect(bars).toHaveLength(10);
  expect(bars.slice(0, 3).map(({ label }) => label)).toEqual([19, 39, 18]);
  expect(bars.filter(({ said }) => said).map(({ label }) => label)).toEqual([19]);
});
