/**
 * Norm clipping, and Gaussian noise on the mean: too little for a guarantee, enough to blur a backdoor.
 * Source: Sun et al., Can You Really Backdoor Federated Learning?, 2019, section 4 (weak differential privacy).
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { medianLength } from './clip.ts';
import { addNoise } from './noise.ts';
import { bound, CLIPPING_PAPER, clippedShares } from './norm-clipping.ts';
import { combined } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('weak_dp', 'Clipping and noise (weak DP)'),
  bound,
  noise: field(z.number().min(0).max(1000).default(0.001), {
    title: 'Noise',
    description:
      'Standard deviation of what is added to each value of the mean. With a fixed bound, the run tells the ε that this promises a client.',
  }),
});

export const weakDp: AggregatorDefinition<typeof params> = {
  id: 'weak_dp',
  title: 'Clipping and noise (weak DP)',
  description: 'The mean of the updates, each cut to a length, with a little Gaussian noise on every value.',
  paper: CLIPPING_PAPER,
  params,
  needsServerUpdate: false,
  tolerates: ({ bound: fixed }, clients) => (fixed === null ? Math.floor((clients - 1) / 2) : clients),
  aggregate: ({ bound: fixed, noise }, { updates, random }) => {
    const shares = clippedShares(updates, fixed ?? medianLength(updates));
    const delta = combined(updates, shares);
    addNoise(delta, noise, random);
    return { delta, shares, memory: {} };
  },
};
