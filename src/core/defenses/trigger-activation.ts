/** Trigger-activation change: its parameters. Source: Zheng et al., ECCV 2022, section 3.3, definition 2. */
import { z } from 'zod';
import { count, field, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';

export const params = z.strictObject({
  kind: kind('trigger_activation', 'Trigger-activation change'),
  examples: field(count.max(1000000).default(500), {
    title: 'Images',
    description: 'How many images are looked at without and with the trigger.',
    unit: 'images',
  }),
  u: field(z.number().min(0).max(100).default(3), {
    title: 'Threshold',
    description:
      'Channels that change by more than the mean of their layer and so many standard deviations are named.',
    unit: 'standard deviations',
  }),
});

export const triggerActivation: DefenseDefinition<typeof params> = {
  id: 'trigger_activation',
  title: 'Trigger-activation change (TAC)',
  description:
    'How much the trigger moves each channel. It needs the trigger, so it detects nothing: it shows where in a model a known backdoor lives.',
  kind: 'inspects_model',
  paper: {
    title: 'Data-free Backdoor Removal based on Channel Lipschitzness',
    authors: 'Zheng, Tang, Li, Liu',
    year: 2022,
    url: 'https://arxiv.org/abs/2208.03111',
  },
  params,
  needs: {
    input: 'images',
    cleanExamples: 0,
    trainingSet: false,
    convolution: true,
    classes: 2,
    trigger: true,
  },
  variants: [],
  deviations: [
    'Of a convolution without batch normalisation, the activation is taken behind its rectifier and pool, which the engine computes in one pass with it.',
    'The paper names no threshold; three standard deviations are those of its pruning.',
  ],
  score: {
    title: 'Largest change of a channel, in standard deviations over the mean of its layer',
    bound: null,
  },
  flags: 'units',
};
