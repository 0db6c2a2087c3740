/**
 * Updates are clustered by direction, those of the largest cluster clipped to the middle length and averaged, and a little
 * noise added. Source: Nguyen et al., FLAME, USENIX Security 2022, algorithm 1.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { clipFactors, medianLength } from './clip.ts';
import { majorityCluster } from './majority-cluster.ts';
import { addNoise } from './noise.ts';
import { combined, cosines, gramOf } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('flame', 'FLAME'),
  noise: field(z.number().min(0).max(1).default(0.001), {
    title: 'Noise',
    description:
      'Standard deviation of what is added to each value, as a share of the middle length of the updates (the paper’s λ, 0.001 for images).',
  }),
});

export const flame: AggregatorDefinition<typeof params> = {
  id: 'flame',
  title: 'FLAME',
  description:
    'Keeps the largest group of updates that point alike, cuts them to the middle length, and adds a little noise.',
  paper: {
    title: 'FLAME: Taming Backdoors in Federated Learning',
    authors: 'Nguyen, Rieger, Chen, Yalame, Möllering, Fereidooni et al.',
    year: 2022,
    url: 'https://arxiv.org/abs/2101.02281',
  },
  params,
  needsServerUpdate: false,
  tolerates: (_, clients) => Math.floor((clients - 1) / 2),
  aggregate: ({ noise }, { updates, random }) => {
    const apart = cosines(gramOf(updates)).map((row) => row.map((cosine) => 1 - cosine));
    const admitted = new Set(majorityCluster(apart));
    const longest = medianLength(updates);
    const factors = clipFactors(updates, longest);
    const shares = updates.map((_, index) =>
      admitted.has(index) ? (factors[index] ?? 1) / admitted.size : 0,
    );
    const delta = combined(updates, shares);
    addNoise(delta, noise * longest, random);
    return { delta, shares, memory: {} };
  },
};
