/** STRIP: its parameters. Source: Gao et al., ACSAC 2019, sections 4 and 5; of texts, Gao et al., STRIP-ViTA, 2019. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { calibration, falseRejection, GUARD_SCORE } from './guard-score.ts';

export const params = z.strictObject({
  kind: kind('strip', 'STRIP'),
  overlays: field(count.max(10000).default(100), {
    title: 'Overlays',
    description: 'So many clean examples are laid over each input, one after another.',
    unit: 'examples',
  }),
  blend: field(z.enum(['saturate', 'normalized']).default('saturate'), {
    title: 'Sum of two images',
    description:
      'In pixels and cut at white, as the paper has it; or of normalised images, which nothing cuts.',
  }),
  entropy: field(z.enum(['softmax', 'sigmoid']).default('softmax'), {
    title: 'Entropy of',
    description: 'The probabilities of the classes, or a sigmoid of each logit by itself.',
  }),
  replaced: field(fraction.default(0.5), {
    title: 'Words replaced',
    description: 'Of a text, the share of words that words of a clean text take the place of.',
  }),
  calibration: calibration(500),
  false_rejection: falseRejection,
  boundary: field(z.enum(['normal', 'quantile']).default('normal'), {
    title: 'Threshold from',
    description:
      'The normal distribution with mean and deviation of the clean entropies, as in the paper; or those entropies themselves.',
  }),
});

export type StripParams = z.output<typeof params>;

export const strip: DefenseDefinition<typeof params> = {
  id: 'strip',
  title: 'STRIP',
  description:
    'Lays clean examples over an input. What a network says of a clean input changes with them; a trigger keeps it sure, and the entropy low.',
  kind: 'guards_input',
  paper: {
    title: 'STRIP: A Defence Against Trojan Attacks on Deep Neural Networks',
    authors: 'Gao, Xu, Wang, Chen, Ranasinghe, Nepal',
    year: 2019,
    url: 'https://arxiv.org/abs/1902.06531',
  },
  params,
  needs: { input: 'any', cleanExamples: 20, trainingSet: false, convolution: false, classes: 2 },
  variants: [
    {
      id: 'ten_overlays',
      title: 'Ten overlays',
      description: 'The paper finds that ten are enough.',
      params: { overlays: 10 },
    },
    {
      id: 'backdoorbench',
      title: 'BackdoorBench',
      description: 'Adds normalised images, and nothing cuts the sum at white.',
      params: { blend: 'normalized', boundary: 'quantile' },
    },
    {
      id: 'beatrix',
      title: 'Beatrix',
      description: 'The entropy is that of a sigmoid of each logit by itself.',
      params: { entropy: 'sigmoid', boundary: 'quantile' },
    },
  ],
  deviations: [
    'The threshold is set on up to 500 clean examples; the authors use 2,000.',
    'Words of a text are replaced at places drawn at random, by the words of a clean text that are rarest in the others (TF-IDF).',
  ],
  score: GUARD_SCORE,
  flags: 'inputs',
};
