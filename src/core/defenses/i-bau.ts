/** Implicit backdoor adversarial unlearning: its parameters. Source: Zeng et al., ICLR 2022, section 3 and algorithm 1. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { batchField, examplesField, REPAIR_NEEDS } from './repair-fields.ts';

export const params = z.strictObject({
  kind: kind('i_bau', 'Implicit backdoor adversarial unlearning'),
  examples: examplesField(1000),
  batch_size: batchField(100),
  rounds: field(count.max(1000).default(5), {
    title: 'Rounds',
    description: 'In each, one perturbation of all images is found anew, and the model unlearns it.',
    unit: 'rounds',
  }),
  bound: field(z.number().gt(0).max(1000).default(10), {
    title: 'Longest perturbation',
    description: 'Euclidean length of the perturbation, in what the network reads (after normalisation).',
  }),
  inner_rate: field(z.number().gt(0).max(1000).default(2), {
    title: 'Step of the perturbation',
    description: 'Length of the step up the loss that each batch asks for.',
  }),
  terms: field(z.int().min(1).max(100).default(5), {
    title: 'Steps of the fixed point',
    description: 'How often the answer of the perturbation to a change of the weights is refined.',
    unit: 'steps',
  }),
  fixed_rate: field(z.number().gt(0).max(10).default(0.1), {
    title: 'Rate of the fixed point',
    description: 'Of the inner gradient step whose fixed point is differentiated.',
  }),
  share: field(fraction.default(1), {
    title: 'Share with the perturbation',
    description:
      'So many of the images of a batch have it while the model unlearns it; the others stay clean.',
  }),
  learning_rate: field(z.number().gt(0).max(1).default(0.001), {
    title: 'Learning rate',
    description: 'Of the Adam that changes the weights.',
  }),
});

export const iBau: DefenseDefinition<typeof params> = {
  id: 'i_bau',
  title: 'Implicit backdoor adversarial unlearning (I-BAU)',
  description:
    'Looks for the one perturbation that fools the model on most images, and unlearns it, minding that the perturbation answers to what is unlearnt.',
  kind: 'repairs_model',
  paper: {
    title: 'Adversarial Unlearning of Backdoors via Implicit Hypergradient',
    authors: 'Zeng, Chen, Park, Mao, Jin, Jia',
    year: 2022,
    url: 'https://arxiv.org/abs/2110.03735',
  },
  params,
  needs: { ...REPAIR_NEEDS, input: 'images' },
  variants: [],
  deviations: [
    'Steps of the perturbation have one length each: the gradient itself vanishes where a model is sure of all its images.',
    'Products with second derivatives are central differences of gradients instead of a second pass of automatic differentiation.',
  ],
  score: { title: 'None: it judges nothing', bound: null },
  flags: 'units',
};
