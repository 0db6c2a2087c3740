/** The mean of the updates. Source: McMahan et al., AISTATS 2017, algorithm 1. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { combined, equalShares } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('fedavg', 'Mean (FedAvg)'),
  weighting: field(z.enum(['equal', 'examples']).default('equal'), {
    title: 'Weights',
    description:
      'Each update counts the same, as in Backdoors 101, or as many times as its client has examples, as in the paper.',
  }),
});

export const fedavg: AggregatorDefinition<typeof params> = {
  id: 'fedavg',
  title: 'Mean (FedAvg)',
  description: 'The mean of the updates; one large update moves it anywhere.',
  paper: {
    title: 'Communication-Efficient Learning of Deep Networks from Decentralized Data',
    authors: 'McMahan, Moore, Ramage, Hampson, Agüera y Arcas',
    year: 2017,
    url: 'https://arxiv.org/abs/1602.05629',
  },
  params,
  needsServerUpdate: false,
  tolerates: () => 0,
  aggregate: ({ weighting }, { updates }) => {
    const examples = updates.reduce((sum, update) => sum + update.examples, 0);
    const shares =
      weighting === 'equal' || examples === 0
        ? equalShares(updates)
        : updates.map((update) => update.examples / examples);
    return { delta: combined(updates, shares), shares, memory: {} };
  },
};
