/** Cognitive Distillation: its parameters. Source: Huang et al., ICLR 2023, section 3. */
import { z } from 'zod';
import { count, field, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { calibration, falseRejection, GUARD_SCORE } from './guard-score.ts';

export const params = z.strictObject({
  kind: kind('cognitive_distillation', 'Cognitive Distillation'),
  steps: field(count.max(10000).default(100), {
    title: 'Steps',
    description: 'Of Adam, that make the mask of an input small.',
    unit: 'steps',
  }),
  learning_rate: field(z.number().gt(0).max(10).default(0.1), {
    title: 'Learning rate',
    description: 'Of Adam on what stands behind the tanh of the mask.',
  }),
  norm_weight: field(z.number().min(0).max(100).default(0.001), {
    title: 'Weight of the norm',
    description: 'Of the sum of the mask, beside the mean difference of what is said of the classes.',
  }),
  smoothness: field(z.number().min(0).max(1000).default(1), {
    title: 'Weight of the smoothness',
    description: 'Of the squared differences between neighbours in the mask, a mean over its pixels.',
  }),
  output: field(z.enum(['logits', 'probabilities']).default('probabilities'), {
    title: 'What stays the same',
    description:
      'The probabilities of the classes; or the logits, as published, of which a trigger makes some very large.',
  }),
  calibration: calibration(250),
  false_rejection: falseRejection,
});

export type CognitiveDistillationParams = z.output<typeof params>;

export const cognitiveDistillation: DefenseDefinition<typeof params> = {
  id: 'cognitive_distillation',
  title: 'Cognitive Distillation',
  description:
    'Finds for each input the smallest mask through which a network still says the same: of a trigger little is enough.',
  kind: 'guards_input',
  paper: {
    title: 'Distilling Cognitive Backdoor Patterns within an Image',
    authors: 'Huang, Ma, Erfani, Bailey',
    year: 2023,
    url: 'https://arxiv.org/abs/2301.10908',
  },
  params,
  needs: { input: 'images', cleanExamples: 20, trainingSet: false, convolution: false, classes: 2 },
  variants: [
    {
      id: 'paper',
      title: 'Logits stay the same',
      description:
        'As published. On MNIST the masks of triggers come out larger than those of digits, not smaller.',
      params: { output: 'logits', norm_weight: 0.01 },
    },
  ],
  deviations: [
    'Probabilities are to stay the same, with a tenth of the weight of the norm; the paper keeps the logits. A trigger makes them larger, so that more of its image is needed to keep them.',
    'The threshold is a quantile of clean masks, as for all guards here; the paper takes their mean less some deviations.',
    'It judges inputs; the authors also look through the training set with it.',
  ],
  score: GUARD_SCORE,
  flags: 'inputs',
};
