/** Reconstructive neuron pruning: its parameters. Source: Li et al., ICML 2023, section 3 and algorithm 1. */
import { z } from 'zod';
import { field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import {
  batchField,
  dropField,
  epochsField,
  examplesField,
  momentumField,
  PRUNING_NEEDS,
  rateField,
  thresholdField,
} from './repair-fields.ts';

export const params = z.strictObject({
  kind: kind('rnp', 'Reconstructive neuron pruning'),
  examples: examplesField(500),
  batch_size: batchField(128),
  unlearning_epochs: field(z.int().min(1).max(1000).default(20), {
    title: 'Most epochs of unlearning',
    description: 'The loss is made large on the clean examples for at most so many passes.',
    unit: 'epochs',
  }),
  unlearning_rate: field(z.number().gt(0).max(10).default(0.01), {
    title: 'Learning rate of unlearning',
    description: 'Of the SGD that goes uphill.',
  }),
  unlearned_accuracy: field(fraction.default(0.2), {
    title: 'Unlearnt at',
    description: 'Unlearning ends when so few of the clean examples are read as they say.',
  }),
  epochs: epochsField(20),
  learning_rate: rateField(0.2),
  momentum: momentumField,
  threshold: thresholdField(0.2),
  drop: dropField(0.03),
});

export const rnp: DefenseDefinition<typeof params> = {
  id: 'rnp',
  title: 'Reconstructive neuron pruning (RNP)',
  description:
    'Unlearns the clean examples, recovers them by masks of the channels alone, and prunes the channels that the recovery has no use for.',
  kind: 'repairs_model',
  paper: {
    title: 'Reconstructive Neuron Pruning for Backdoor Defense',
    authors: 'Li, Lyu, Ma, Koren, Lyu, Li, Jiang',
    year: 2023,
    url: 'https://arxiv.org/abs/2305.14876',
  },
  params,
  needs: PRUNING_NEEDS,
  variants: [],
  deviations: [
    'The accuracy that ends unlearning is looked at after each step, on all of the examples.',
    'Pruning goes from the smallest mask up to the threshold, and ends earlier where the defender’s own accuracy falls too far.',
    'Masks are of the filters where no batch normalisation follows; the authors’ models all have one.',
  ],
  score: { title: 'Share of the channels that are pruned', bound: null },
  flags: 'units',
};
