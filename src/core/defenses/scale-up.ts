/** SCALE-UP: its parameters. Source: Guo et al., ICLR 2023, section 4. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { calibration, falseRejection, GUARD_SCORE } from './guard-score.ts';

export const params = z.strictObject({
  kind: kind('scale_up', 'SCALE-UP'),
  factors: field(z.array(z.number().gt(1).max(100)).min(1).max(32).default([3, 5, 7, 9, 11]), {
    title: 'Factors',
    description: 'Pixels are multiplied by each of them in turn, and cut at white.',
  }),
  setting: field(z.enum(['data_free', 'data_limited']).default('data_limited'), {
    title: 'What the defender holds',
    description:
      'Nothing: consistency is judged as it is; or clean images, which say what is usual for each class.',
  }),
  threshold: field(fraction.default(0.5), {
    title: 'Consistency',
    description: 'Without clean images, inputs whose consistency lies over it are flagged.',
  }),
  per_class: field(count.max(10000).default(100), {
    title: 'Clean images of a class',
    description: 'At most so many say what is usual for a class.',
    unit: 'images',
  }),
  calibration: calibration(500),
  false_rejection: falseRejection,
});

export const scaleUp: DefenseDefinition<typeof params> = {
  id: 'scale_up',
  title: 'SCALE-UP',
  description:
    'Makes an input brighter and brighter: what a network says of a trigger stays the same for longer.',
  kind: 'guards_input',
  paper: {
    title:
      'SCALE-UP: An Efficient Black-box Input-level Backdoor Detection via Analyzing Scaled Prediction Consistency',
    authors: 'Guo, Li, Chen, Guo, Sun, Liu',
    year: 2023,
    url: 'https://arxiv.org/abs/2302.03251',
  },
  params,
  needs: { input: 'images', cleanExamples: 20, trainingSet: false, convolution: false, classes: 2 },
  variants: [
    {
      id: 'data_free',
      title: 'Without data',
      description: 'The consistency as it is, over one half.',
      params: { setting: 'data_free' },
    },
    {
      id: 'toolbox',
      title: 'Backdoor Toolbox',
      description: 'Three factors alone.',
      params: { factors: [3, 5, 7] },
    },
  ],
  deviations: [
    'With clean images the threshold is the quantile of other clean images; the paper leaves it to the defender.',
    'Pixels that are black or white already do not change with any factor: of digits, and of triggers in black and white, it learns nothing.',
  ],
  score: GUARD_SCORE,
  flags: 'inputs',
};
