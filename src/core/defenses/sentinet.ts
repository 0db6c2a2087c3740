/** SentiNet: its parameters. Source: Chou, Tramèr and Pellegrino, IEEE Deep Learning and Security Workshop 2020, sections 3 and 4. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { calibration, falseRejection, GUARD_SCORE } from './guard-score.ts';

export const params = z.strictObject({
  kind: kind('sentinet', 'SentiNet'),
  overlays: field(count.max(10000).default(100), {
    title: 'Clean images',
    description: 'The region of an input is laid over so many of them.',
    unit: 'images',
  }),
  region: field(fraction.default(0.15), {
    title: 'Cut of the map',
    description: 'The region is where Grad-CAM gives at least this share of its largest value.',
  }),
  inert: field(z.enum(['mean', 'noise', 'grey']).default('mean'), {
    title: 'Inert pattern',
    description:
      'What takes the place of the region’s content, to see what covering that much does by itself: the mean of the clean images, random pixels, or grey.',
  }),
  rule: field(z.enum(['boundary', 'confidence']).default('boundary'), {
    title: 'Decision',
    description:
      'By how far the fooled count lies over a curve that clean inputs stay below; or by the confidence under inert patterns alone.',
  }),
  confidence: field(fraction.default(0.9), {
    title: 'Confidence',
    description: 'Of the rule that looks at the confidence alone: inputs over it are flagged.',
  }),
  bins: field(z.int().min(3).max(100).default(10), {
    title: 'Intervals of the boundary',
    description: 'The curve goes through the largest fooled count in each interval of the confidence.',
  }),
  calibration: calibration(400),
  false_rejection: falseRejection,
});

export type SentinetParams = z.output<typeof params>;

export const sentinet: DefenseDefinition<typeof params> = {
  id: 'sentinet',
  title: 'SentiNet',
  description:
    'Cuts out where the network looks and lays it over clean images: a trigger brings them to its label, whatever it covers.',
  kind: 'guards_input',
  paper: {
    title: 'SentiNet: Detecting Localized Universal Attacks Against Deep Learning Systems',
    authors: 'Chou, Tramèr, Pellegrino',
    year: 2020,
    url: 'https://arxiv.org/abs/1812.00292',
  },
  params,
  needs: { input: 'images', cleanExamples: 40, trainingSet: false, convolution: true, classes: 2 },
  variants: [
    {
      id: 'paper',
      title: 'Noise for the inert pattern',
      description:
        'Random pixels, as published. On MNIST they are not inert: a network is sure of what they are.',
      params: { inert: 'noise' },
    },
    {
      id: 'backdoorbench',
      title: 'BackdoorBench',
      description: 'Decides by the confidence alone, and never reads the fooled count.',
      params: { rule: 'confidence', inert: 'noise' },
    },
  ],
  deviations: [
    'The inert pattern is the mean of the clean images; the paper takes noise, of which a network for digits is sure.',
    'The region is that of the class the network says; the paper also proposes classes by selective search, and takes what they share away.',
    'Each place of the Grad-CAM map stands where its receptive field is centred, so that a convolution without border does not move the region.',
    'The curve is a parabola by least squares through one half of the clean examples; the distance at which an input is flagged is set on the other half.',
  ],
  score: GUARD_SCORE,
  flags: 'inputs',
};
