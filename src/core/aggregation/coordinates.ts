/** For rules that decide for each value by itself. */
import type { Update } from './aggregator.ts';

/**
 * The mean, for each value, of the updates that are neither among the `trim` smallest nor the `trim` largest. Of equal
 * values the one of the earlier update counts as the smaller.
 * @param trim less than half of the updates
 * @returns the means, and for each update the share of all that was taken from it
 */
export function trimmedMeans(
  updates: readonly Update[],
  trim: number,
): { delta: Float32Array; shares: number[] } {
  const count = updates.length;
  const length = updates[0]?.delta.length ?? 0;
  const kept = count - 2 * trim;
  const delta = new Float32Array(length);
  const taken = new Float64Array(count);
  const values = new Float64Array(count);
  const order = new Int32Array(count);
  for (let at = 0; at < length; at++) {
    // Insertion sort: rounds have tens of clients.
    for (let place = 0; place < count; place++) {
      const value = updates[place]?.delta[at] ?? 0;
      let free = place;
      while (free > 0 && (values[free - 1] ?? 0) > value) {
        values[free] = values[free - 1] ?? 0;
        order[free] = order[free - 1] ?? 0;
        free--;
      }
      values[free] = value;
      order[free] = place;
    }
    let sum = 0;
    for (let place = trim; place < count - trim; place++) {
      sum += values[place] ?? 0;
      const from = order[place] ?? 0;
      taken[from] = (taken[from] ?? 0) + 1;
    }
    delta[at] = sum / kept;
  }
  return { delta, shares: Array.from(taken, (times) => (length === 0 ? 0 : times / (kept * length))) };
}
