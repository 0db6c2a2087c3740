/** Spectral Signatures: its parameters. Source: Tran, Li and Madry, NeurIPS 2018, algorithm 1. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { retrain } from './filter-fields.ts';

export const params = z.strictObject({
  kind: kind('spectral_signatures', 'Spectral Signatures'),
  epsilon: field(fraction.default(0.05), {
    title: 'Most that may be poisoned',
    description:
      'Of the training set, all of it under one label: the bound that the defender assumes. Nobody tells it the true share.',
  }),
  factor: field(z.number().gt(0).max(10).default(1.5), {
    title: 'Removed, times that',
    description: 'Of each label so many times the bound is removed, whatever the scores are.',
  }),
  directions: field(count.max(100).default(10), {
    title: 'Directions',
    description:
      'So many of the strongest ones; squared distances along them are added up. One, as in the paper.',
  }),
  centre: field(z.enum(['median', 'mean']).default('median'), {
    title: 'Centre of a label',
    description:
      'Scores are squared distances from it along the strongest directions. The mean, as in the paper, moves towards the poisoned examples where they are many; the median hardly does.',
  }),
  labels: field(z.enum(['all', 'outlying']).default('all'), {
    title: 'Labels',
    description:
      'Every label loses examples, as in the paper; or only those whose largest singular value is far from the others’.',
  }),
  retrain,
});

export type SpectralSignaturesParams = z.output<typeof params>;

/** No label loses more than this share. */
export const MOST_REMOVED = 0.5;

/** Index of the deviation from the median from which `outlying` counts a label. */
export const OUTLYING = 2;

export const spectralSignatures: DefenseDefinition<typeof params> = {
  id: 'spectral_signatures',
  title: 'Spectral Signatures',
  description:
    'Takes the latents of each label apart: poisoned examples lie far out along the strongest direction of their label.',
  kind: 'filters_data',
  paper: {
    title: 'Spectral Signatures in Backdoor Attacks',
    authors: 'Tran, Li, Madry',
    year: 2018,
    url: 'https://arxiv.org/abs/1811.00636',
  },
  params,
  needs: { input: 'any', cleanExamples: 0, trainingSet: true, convolution: false, classes: 2 },
  variants: [
    {
      id: 'paper',
      title: 'As published',
      description: 'Distances from the mean of a label, along one direction.',
      params: { centre: 'mean', directions: 1 },
    },
    {
      id: 'outlying',
      title: 'Outlying labels alone',
      description:
        'Not of the paper: labels whose largest singular value is like the others’ keep all their examples.',
      params: { labels: 'outlying' },
    },
  ],
  deviations: [
    'Scores add up the ten strongest directions: in the wide latents of a small network a trigger is not in the first alone (0.874 of AUROC with one, 0.993 with ten, on the pattern in 5 % of MNIST).',
    'Distances are from the median along a direction: from the mean, a label of which a third is poisoned has clean examples that lie as far out as poisoned ones.',
    'No label loses more than half of its examples: the theory asks that the poisoned ones be the fewer.',
    'The paper removes 1.5 times the bound from every label, so most of what it flags is clean, by design: its false positive rate says nothing of its scores, and it says of no model that it is clean.',
  ],
  score: {
    title: 'Largest singular value of a label, as an index of its deviation from the median of the labels',
    bound: null,
  },
  flags: 'examples',
};
