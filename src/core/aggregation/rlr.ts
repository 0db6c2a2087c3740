/**
 * The mean, turned round for each value on which too few updates agree in sign. Source: Ozdayi, Kantarcioglu and Gel,
 * Defending against Backdoors in Federated Learning with Robust Learning Rate, AAAI 2021, equation 2.
 */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { AggregatorDefinition } from './aggregator.ts';
import { combined, equalShares } from './vectors.ts';

export const params = z.strictObject({
  kind: kind('rlr', 'Robust learning rate (RLR)'),
  threshold: field(z.number().min(0).max(1).default(0.4), {
    title: 'Agreement',
    description:
      'Values move as the mean says where the signs of at least this share of the updates remain after they cancel, and the other way elsewhere. The paper gives it as a number of clients: 4 of 10.',
  }),
});

export const robustLearningRate: AggregatorDefinition<typeof params> = {
  id: 'rlr',
  title: 'Robust learning rate (RLR)',
  description:
    'Where too few updates agree on the direction of a value, the value is moved against their mean.',
  paper: {
    title: 'Defending against Backdoors in Federated Learning with Robust Learning Rate',
    authors: 'Ozdayi, Kantarcioglu, Gel',
    year: 2021,
    url: 'https://arxiv.org/abs/2007.03767',
  },
  params,
  needsServerUpdate: false,
  tolerates: () => 0,
  aggregate: ({ threshold }, { updates }) => {
    const shares = equalShares(updates);
    const delta = combined(updates, shares);
    const needed = threshold * updates.length;
    for (let at = 0; at < delta.length; at++) {
      let votes = 0;
      for (const update of updates) votes += Math.sign(update.delta[at] ?? 0);
      if (Math.abs(votes) < needed) delta[at] = -(delta[at] ?? 0);
    }
    return { delta, shares, memory: {} };
  },
};
