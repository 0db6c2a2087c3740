/** Fine-tuning with sharpness-aware minimisation: its parameters. Source: Zhu et al., ICCV 2023, section 4. */
import { z } from 'zod';
import { field, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import {
  batchField,
  decayField,
  epochsField,
  examplesField,
  momentumField,
  rateField,
  REPAIR_NEEDS,
} from './repair-fields.ts';

export const params = z.strictObject({
  kind: kind('ft_sam', 'Sharpness-aware fine-tuning'),
  examples: examplesField(3000),
  epochs: epochsField(10),
  batch_size: batchField(64),
  learning_rate: rateField(0.05),
  momentum: momentumField,
  weight_decay: decayField(0.0005),
  rho: field(z.number().gt(0).max(100).default(2), {
    title: 'Radius',
    description:
      'Weights are moved so far towards a larger loss before each gradient, measured in their own sizes: large weights move more.',
  }),
});

export const ftSam: DefenseDefinition<typeof params> = {
  id: 'ft_sam',
  title: 'Sharpness-aware fine-tuning (FT-SAM)',
  description:
    'Fine-tunes with the gradient at the worst place nearby, so that large weights, where backdoors live, shrink.',
  kind: 'repairs_model',
  paper: {
    title: 'Enhancing Fine-Tuning Based Backdoor Defense with Sharpness-Aware Minimization',
    authors: 'Zhu, Wei, Shen, Fan, Wu',
    year: 2023,
    url: 'https://arxiv.org/abs/2304.11823',
  },
  params,
  needs: REPAIR_NEEDS,
  variants: [
    {
      id: 'backdoorbench',
      title: 'BackdoorBench',
      description: 'Its learning rate, and 100 epochs.',
      params: { learning_rate: 0.01, epochs: 100 },
    },
  ],
  deviations: ['10 epochs instead of 100 at five times the learning rate, and images are not augmented.'],
  score: { title: 'None: it judges nothing', bound: null },
  flags: 'units',
};
