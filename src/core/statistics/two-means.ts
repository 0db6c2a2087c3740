/** Two clusters, by Lloyd's algorithm from several starts (Arthur and Vassilvitskii, k-means++, SODA 2007), and how apart they are. */
import type { Random } from '../rng/random.ts';

export interface TwoMeans {
  /** [count] 0 or 1. */
  cluster: Uint8Array;
  centres: [Float64Array, Float64Array];
  /** How many are in each. */
  sizes: [number, number];
}

const STARTS = 5;
const MOST_ROUNDS = 100;

/** The split with the smallest sum of squared distances; points of equal distance belong to the first cluster. */
export function twoMeans(points: readonly Float64Array[], random: Random): TwoMeans {
  let best: (TwoMeans & { spread: number }) | null = null;
  for (let start = 0; start < STARTS; start++) {
    const found = lloyd(points, startFrom(points, random));
    if (!best || found.spread < best.spread) best = found;
  }
  if (!best) throw new RangeError('there is at least one start');
  return best;
}

export function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += ((a[at] ?? 0) - (b[at] ?? 0)) ** 2;
  return sum;
}

/** One point at random, the other the likelier the farther from it. */
function startFrom(points: readonly Float64Array[], random: Random): [Float64Array, Float64Array] {
  const first = points[random.int(0, Math.max(0, points.length - 1))] ?? new Float64Array();
  const weights = points.map((point) => squaredDistance(point, first));
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  const other = weights.findIndex((weight) => (left -= weight) < 0);
  return [first.slice(), (points[other] ?? first).slice()];
}

function lloyd(
  points: readonly Float64Array[],
  centres: [Float64Array, Float64Array],
): TwoMeans & { spread: number } {
  const cluster = new Uint8Array(points.length);
  const sizes: [number, number] = [0, 0];
  let spread = Infinity;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let total = 0;
    sizes.fill(0);
    const sums = centres.map(({ length }) => new Float64Array(length));
    for (const [at, point] of points.entries()) {
      const [near, far] = [squaredDistance(point, centres[0]), squaredDistance(point, centres[1])];
      const of = far < near ? 1 : 0;
      cluster[at] = of;
      sizes[of]++;
      total += Math.min(near, far);
      const sum = sums[of];
      if (sum) for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] ?? 0) + (point[k] ?? 0);
    }
    for (const of of [0, 1] as const) {
      if (sizes[of] > 0) centres[of] = (sums[of] ?? new Float64Array()).map((sum) => sum / sizes[of]);
    }
    if (total >= spread) break;
    spread = total;
  }
  return { cluster, centres, sizes, spread };
}

/**
 * The mean silhouette of points in two clusters: (b - a) / max(a, b), where a is the mean distance to the point's own cluster
 * and b that to the other; 0 for a point alone. In [-1, 1]. Source: Rousseeuw, 1987. Its cost grows with the square of the points.
 */
export function silhouette(points: readonly Float64Array[], cluster: ArrayLike<number>): number {
  const sums = points.map(() => [0, 0] as [number, number]);
  const sizes = [0, 0];
  for (let i = 0; i < points.length; i++) {
    const [point, mine] = [points[i] ?? [], sums[i]];
    const of = cluster[i] === 1 ? 1 : 0;
    sizes[of] = (sizes[of] ?? 0) + 1;
    for (let j = 0; j < i; j++) {
      const distance = Math.sqrt(squaredDistance(point, points[j] ?? []));
      const theirs = sums[j];
      const other = cluster[j] === 1 ? 1 : 0;
      if (mine) mine[other] += distance;
      if (theirs) theirs[of] += distance;
    }
  }
  let total = 0;
  for (const [i, [first, second]] of sums.entries()) {
    const own = cluster[i] === 1 ? 1 : 0;
    const [inside, outside] = own === 0 ? [first, second] : [second, first];
    const [ownSize, otherSize] = [sizes[own] ?? 0, sizes[1 - own] ?? 0];
    if (ownSize < 2 || otherSize === 0) continue;
    const [a, b] = [inside / (ownSize - 1), outside / otherSize];
    if (Math.max(a, b) > 0) total += (b - a) / Math.max(a, b);
  }
  return points.length > 0 ? total / points.length : 0;
}
