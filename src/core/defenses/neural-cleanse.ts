/** Neural Cleanse: its parameters. Source: Wang et al., IEEE S&P 2019, section IV, and the authors' code for the numbers. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';

export const params = z.strictObject({
  kind: kind('neural_cleanse', 'Neural Cleanse'),
  steps: field(z.int().min(1).max(100000).default(1000), {
    title: 'Most steps',
    description:
      'The search for a label’s trigger ends after so many steps, or when it finds no smaller one.',
    unit: 'steps',
  }),
  batches: field(z.int().min(1).max(10000).default(8), {
    title: 'Batches of a step',
    description:
      'After so many updates of mask and pattern, their mean success decides on the weight of the mask and the end. The authors pass over all images once: 31 batches.',
    unit: 'batches',
  }),
  batch_size: field(z.int().min(1).max(4096).default(32), {
    title: 'Batch size',
    description: 'Clean images of one update.',
    unit: 'images',
  }),
  examples: field(z.int().min(1).max(1000000).default(1000), {
    title: 'Clean images',
    description: 'How many of the defender’s clean images the search uses.',
    unit: 'images',
  }),
  learning_rate: field(z.number().gt(0).max(100).default(0.1), {
    title: 'Learning rate',
    description: 'Of the Adam that moves mask and pattern, before their tanh.',
  }),
  beta1: field(z.number().min(0).lt(1).default(0.5), {
    title: 'Beta 1',
    description: 'Decay of Adam’s mean of gradients.',
  }),
  beta2: field(z.number().min(0).lt(1).default(0.9), {
    title: 'Beta 2',
    description: 'Decay of Adam’s mean of squared gradients.',
  }),
  norm: field(z.literal([1, 2]).default(1), {
    title: 'Norm of the mask',
    description: 'What is made small: the sum of the mask (1), or its Euclidean norm (2).',
  }),
  init_cost: field(z.number().gt(0).max(1000).default(0.001), {
    title: 'First weight of the mask',
    description: 'Of the norm of the mask beside the cross-entropy, once a trigger works.',
  }),
  cost_start: field(z.enum(['zero', 'initial']).default('zero'), {
    title: 'Weight at the start',
    description: 'Zero waits until a trigger works; initial begins with the first weight at once.',
  }),
  cost_restarts: field(z.boolean().default(false), {
    title: 'Weight begins again',
    description:
      'The weight is set back to the first one at every further step of success, as in ART; so it rises only at the start.',
  }),
  success: field(fraction.default(0.99), {
    title: 'Wanted success',
    description:
      'A trigger works when it brings so many of the images to the label, over the batches of a step.',
  }),
  patience: field(count.max(10000).default(5), {
    title: 'Patience',
    description: 'After so many steps of success in a row the weight rises, after so many without it falls.',
    unit: 'steps',
  }),
  cost_multiplier: field(z.number().gt(1).max(100).default(2), {
    title: 'Factor of the weight',
    description: 'What the weight rises by; it falls by this to the power of 1.5.',
  }),
  early_stop_patience: field(count.max(100000).default(25), {
    title: 'Patience of the end',
    description:
      'The search ends after so many steps without a smaller trigger, once the weight has both risen and fallen.',
    unit: 'steps',
  }),
  early_stop_threshold: field(fraction.default(1), {
    title: 'Smaller by',
    description: 'A trigger counts as smaller when its norm is below this share of the smallest.',
  }),
  median: field(z.enum(['middle', 'lower']).default('middle'), {
    title: 'Median',
    description:
      'Of an even number of labels: the mean of the two in the middle (NumPy), or the lower of them (torch.median).',
  }),
  threshold: field(z.number().gt(0).max(1000).default(2), {
    title: 'Anomaly index',
    description: 'Labels below the median with a larger index are flagged.',
  }),
});

export type NeuralCleanseParams = z.output<typeof params>;

export const neuralCleanse: DefenseDefinition<typeof params> = {
  id: 'neural_cleanse',
  title: 'Neural Cleanse',
  description:
    'Looks for the smallest trigger that brings every image to a label, one label after another; a label whose trigger is far smaller than the others has a backdoor.',
  kind: 'inspects_model',
  paper: {
    title: 'Neural Cleanse: Identifying and Mitigating Backdoor Attacks in Neural Networks',
    authors: 'Wang, Yao, Shan, Li, Viswanath, Zheng, Zhao',
    year: 2019,
    url: 'https://people.cs.uchicago.edu/~ravenben/publications/pdf/backdoor-sp19.pdf',
  },
  params,
  needs: { input: 'images', cleanExamples: 32, trainingSet: false, convolution: false, classes: 3 },
  variants: [
    {
      id: 'backdoorbench',
      title: 'BackdoorBench',
      description:
        'The weight of the mask acts from the start, and the median is the lower of the two in the middle.',
      params: { cost_start: 'initial', median: 'lower' },
    },
    {
      id: 'art',
      title: 'ART',
      description:
        'The Euclidean norm of the mask; its weight acts from the start and falls back to the first one after every five steps of success; the search ends earlier.',
      params: {
        norm: 2,
        cost_start: 'initial',
        cost_restarts: true,
        cost_multiplier: 1.5,
        early_stop_threshold: 0.99,
        early_stop_patience: 10,
      },
    },
  ],
  deviations: [
    'A step has 8 batches of 32 images instead of 31, so that ten labels take less than a minute on two cores; batches: 31 is as published.',
    'Half of the test set is the defender’s: the authors draw theirs from the whole of it.',
  ],
  score: { title: 'Anomaly index of the label with the smallest trigger', bound: 2 },
  flags: 'labels',
};
