/** The mean of each value without its extremes. Source: Yin et al., ICML 2018, definition 2. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { trimmedMeans } from './coordinates.ts';
import { coordinateMedian } from './median.ts';

export const params = z.strictObject({
  kind: kind('trimmed_mean', 'Trimmed mean'),
  trim: field(z.number().min(0).lt(0.5).default(0.2), {
    title: 'Trimmed at each end',
    description:
      'Share of the updates that are left out as the smallest, and again as the largest, for each value; rounded up.',
  }),
});

export const trimmedMean: AggregatorDefinition<typeof params> = {
  id: 'trimmed_mean',
  title: 'Trimmed mean',
  description: 'For each value, the mean of the updates without the smallest and the largest ones.',
  paper: coordinateMedian.paper,
  params,
  needsServerUpdate: false,
  tolerates: ({ trim }, clients) => trimmed(trim, clients),
  aggregate: ({ trim }, { updates }) => ({
    ...trimmedMeans(updates, trimmed(trim, updates.length)),
    memory: {},
  }),
};

/** How many are left out at each end: at least one remains. */
function trimmed(share: number, clients: number): number {
  return Math.min(Math.ceil(share * clients), Math.floor((clients - 1) / 2));
}
