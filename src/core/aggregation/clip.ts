/** Updates held to a length. */
import type { Update } from './aggregator.ts';
import { lengthOf, median } from './vectors.ts';

/** What each update is multiplied by so that none is longer than `bound`: (0, 1]. */
export function clipFactors(updates: readonly Update[], bound: number): number[] {
  return updates.map(({ delta }) => {
    const length = lengthOf(delta);
    return length > bound ? bound / length : 1;
  });
}

/** The middle of the lengths of the updates. */
export const medianLength = (updates: readonly Update[]): number =>
  median(updates.map(({ delta }) => lengthOf(delta)));
