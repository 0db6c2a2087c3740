/**
 * The point whose distances to the updates are least in sum, by the smoothed Weiszfeld algorithm.
 * Source: Pillutla, Kakade and Harchaoui, Robust Aggregation for Federated Learning, 2019, algorithm 2.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { combined, equalShares, gramOf } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('geometric_median', 'Geometric median (RFA)'),
  iterations: field(z.int().min(1).max(1000).default(50), {
    title: 'Iterations',
    description: 'At most so many; it ends before when the weights no longer move.',
  }),
  smoothing: field(z.number().gt(0).max(1).default(1e-5), {
    title: 'Smoothing',
    description: 'Distances below this count as this.',
  }),
});

export const geometricMedian: AggregatorDefinition<typeof params> = {
  id: 'geometric_median',
  title: 'Geometric median (RFA)',
  description:
    'The point whose distances to all updates are least in sum: a far update pulls no harder than a near one.',
  paper: {
    title: 'Robust Aggregation for Federated Learning',
    authors: 'Pillutla, Kakade, Harchaoui',
    year: 2019,
    url: 'https://arxiv.org/abs/1912.13445',
  },
  params,
  needsServerUpdate: false,
  tolerates: (_, clients) => Math.floor((clients - 1) / 2),
  aggregate: ({ iterations, smoothing }, { updates }) => {
    // The point stays a weighted mean of the updates, so their inner products tell every distance.
    const gram = gramOf(updates);
    let shares = equalShares(updates);
    for (let iteration = 0; iteration < iterations; iteration++) {
      const next = weightsFor(gram, shares, smoothing);
      const moved = Math.max(...next.map((share, index) => Math.abs(share - (shares[index] ?? 0))));
      shares = next;
      if (moved < 1e-12) break;
    }
    return { delta: combined(updates, shares), shares, memory: {} };
  },
};

function weightsFor(
  gram: readonly (readonly number[])[],
  shares: readonly number[],
  smoothing: number,
): number[] {
  const toPoint = gram.map((row) => row.reduce((sum, product, j) => sum + product * (shares[j] ?? 0), 0));
  const point = toPoint.reduce((sum, product, i) => sum + product * (shares[i] ?? 0), 0);
  const pulls = gram.map((row, i) => {
    const squared = (row[i] ?? 0) - 2 * (toPoint[i] ?? 0) + point;
    return 1 / Math.max(smoothing, Math.sqrt(Math.max(0, squared)));
  });
  const all = pulls.reduce((sum, pull) => sum + pull, 0);
  return pulls.map((pull) => pull / all);
}
