/** The mean of updates that are cut to a length. Source: Sun et al., Can You Really Backdoor Federated Learning?, 2019, section 4. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { Paper } from '../paper.ts';
import type { AggregatorDefinition, Update } from './aggregator.ts';
import { clipFactors, medianLength } from './clip.ts';
import { combined } from './vectors.ts';

export const CLIPPING_PAPER: Paper = {
  title: 'Can You Really Backdoor Federated Learning?',
  authors: 'Sun, Kairouz, Suresh, McMahan',
  year: 2019,
  url: 'https://arxiv.org/abs/1911.07963',
};

export const bound = field(z.number().gt(0).max(1e9).nullable().default(null), {
  title: 'Longest update',
  description:
    'Longer updates are scaled down to this length. Empty takes the middle of the lengths of each round; the paper fixes a number.',
});

export const params = z.strictObject({ kind: kind('norm_clipping', 'Norm clipping'), bound });

export const normClipping: AggregatorDefinition<typeof params> = {
  id: 'norm_clipping',
  title: 'Norm clipping',
  description:
    'The mean of the updates, none of them longer than the others: a scaled update loses its scale.',
  paper: CLIPPING_PAPER,
  params,
  needsServerUpdate: false,
  // With a number; the middle of the lengths is what the middle client says.
  tolerates: ({ bound: fixed }, clients) => (fixed === null ? Math.floor((clients - 1) / 2) : clients),
  aggregate: ({ bound: fixed }, { updates }) => {
    const shares = clippedShares(updates, fixed ?? medianLength(updates));
    return { delta: combined(updates, shares), shares, memory: {} };
  },
};

/** What of each update is in the mean of the clipped ones. */
export function clippedShares(updates: readonly Update[], longest: number): number[] {
  return clipFactors(updates, longest).map((factor) => factor / updates.length);
}
