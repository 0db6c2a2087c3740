/** Adversarial neuron pruning: its parameters. Source: Wu and Wang, NeurIPS 2021, section 4, and the authors' code. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import {
  batchField,
  dropField,
  examplesField,
  momentumField,
  PRUNING_NEEDS,
  rateField,
  thresholdField,
} from './repair-fields.ts';

export const params = z.strictObject({
  kind: kind('anp', 'Adversarial neuron pruning'),
  examples: examplesField(500),
  steps: field(count.max(100000).default(400), {
    title: 'Steps',
    description: 'Updates of the masks.',
    unit: 'steps',
  }),
  batch_size: batchField(128),
  epsilon: field(z.number().gt(0).max(10).default(0.4), {
    title: 'Perturbation',
    description: 'Weight and shift of each channel are moved by at most this share, so as to do most harm.',
  }),
  inner_steps: field(count.max(100).default(1), {
    title: 'Steps of a perturbation',
    description: 'Steps along the sign of the gradient, from a random start.',
    unit: 'steps',
  }),
  alpha: field(fraction.default(0.2), {
    title: 'Weight of the clean loss',
    description: 'Of the loss without a perturbation; the rest is of the loss with it.',
  }),
  learning_rate: rateField(0.2),
  momentum: momentumField,
  threshold: thresholdField(0.2),
  drop: dropField(0.03),
});

export const anp: DefenseDefinition<typeof params> = {
  id: 'anp',
  title: 'Adversarial neuron pruning (ANP)',
  description:
    'Learns a mask for each channel while an adversary shakes the channels, and prunes those that the model is better without.',
  kind: 'repairs_model',
  paper: {
    title: 'Adversarial Neuron Pruning Purifies Backdoored Deep Models',
    authors: 'Wu, Wang',
    year: 2021,
    url: 'https://arxiv.org/abs/2110.14430',
  },
  params,
  needs: PRUNING_NEEDS,
  variants: [
    {
      id: 'paper',
      title: 'As published',
      description: '2,000 steps; every channel at or below the threshold goes.',
      params: { steps: 2000, drop: 1 },
    },
  ],
  deviations: [
    '400 steps instead of 2,000.',
    'Pruning goes up to the threshold, and ends earlier where the defender’s own accuracy falls too far.',
    'Masks are of the filters where no batch normalisation follows; the authors’ models all have one. A pruned channel loses its shift too.',
  ],
  score: { title: 'Share of the channels that are pruned', bound: null },
  flags: 'units',
};
