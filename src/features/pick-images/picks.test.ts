import { expect, it } from 'vitest';
import { synthesizer } from '../../core/config/schema-synthesizer.ts';
import {
  picked,
  type Picks,
  picksOf,
  type Semantic,
  swapped,
  toggled,
  withPicks,
  withRole,
} from './picks.ts';

const NONE: Picks = new Map();
const semantic = (more: Partial<Semantic> = {}): Semantic =>
  synthesizer.parse({ kind: 'semantic', ...more }) as Semantic;
const pickAll = (indices: readonly number[]): Picks => indices.reduce(picked, NONE);

it('holds the second picked out to measure, then one of four', () => {
  expect(withRole(pickAll([5]), 'measures')).toEqual([]);
  expect(withRole(pickAll([5, 9]), 'measures')).toEqual([9]);
  const twelve = pickAll(Array.from({ length: 12 }, (_, at) => 10 * at));
  expect(withRole(twelve, 'measures')).toEqual([10, 70, 110]);
  expect(withRole(twelve, 'teaches')).toHaveLength(9);
});

it('picks once, and lets go again', () => {
  const two = pickAll([5, 9]);
  expect(picked(two, 5)).toBe(two);
  expect([...toggled(two, 5).keys()]).toEqual([9]);
  expect([...toggled(two, 7).keys()]).toEqual([5, 9, 7]);
});

it('moves an image from teaching to measuring and back', () => {
  const moved = swapped(pickAll([5, 9, 7]), 7);
  expect(withRole(moved, 'measures')).toEqual([9, 7]);
  expect(withRole(swapped(moved, 9), 'teaches')).toEqual([5, 9]);
});

it('reads and writes the lists of an experiment, the noise untouched', () => {
  const config = semantic({ train: [3, 14], test: [15], noise: 0.1 });
  expect(withPicks(config, picksOf(config))).toEqual(config);
  expect(withPicks(config, swapped(picksOf(config), 14))).toMatchObject({
    train: [3],
    test: [14, 15],
    noise: 0.1,
  });
});

it('names nothing while the experiment names what all begin with, or one part is missing', () => {
  expect(picksOf(semantic())).toEqual(NONE);
  expect(withPicks(semantic(), pickAll([4]))).toBeNull();
  expect(withPicks(semantic(), swapped(pickAll([4, 5]), 4))).toBeNull();
});
