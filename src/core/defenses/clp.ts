/** Channel Lipschitzness based Pruning: its parameters. Source: Zheng et al., ECCV 2022, section 4. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';

export const params = z.strictObject({
  kind: kind('clp', 'Channel Lipschitz pruning'),
  u: field(z.number().min(0).max(100).default(3), {
    title: 'Threshold',
    description:
      'Channels whose Lipschitz bound lies over the mean of their layer by more than so many standard deviations are pruned.',
    unit: 'standard deviations',
  }),
});

export const clp: DefenseDefinition<typeof params> = {
  id: 'clp',
  title: 'Channel Lipschitz pruning (CLP)',
  description: 'Takes away the channels that can amplify a small change most. It needs no data at all.',
  kind: 'repairs_model',
  paper: {
    title: 'Data-free Backdoor Removal based on Channel Lipschitzness',
    authors: 'Zheng, Tang, Li, Liu',
    year: 2022,
    url: 'https://arxiv.org/abs/2208.03111',
  },
  params,
  needs: { input: 'images', cleanExamples: 0, trainingSet: false, convolution: true, classes: 2 },
  variants: [],
  deviations: [
    'A convolution without batch normalisation behind it is bounded by its own filter; the paper has none.',
  ],
  score: {
    title: 'Largest bound of a channel, in standard deviations over the mean of its layer',
    bound: null,
  },
  flags: 'units',
};
