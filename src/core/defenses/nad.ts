/** Neural attention distillation: its parameters. Source: Li et al., ICLR 2021, section 3, and the authors' code. */
import { z } from 'zod';
import { count, field, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import {
  batchField,
  decayField,
  epochsField,
  examplesField,
  momentumField,
  PRUNING_NEEDS,
  rateField,
} from './repair-fields.ts';

export const params = z.strictObject({
  kind: kind('nad', 'Neural attention distillation'),
  examples: examplesField(3000),
  teacher_epochs: field(count.max(10000).default(10), {
    title: 'Epochs of the teacher',
    description: 'Fine-tuning of the copy whose attention is learnt.',
    unit: 'epochs',
  }),
  epochs: epochsField(10),
  batch_size: batchField(64),
  learning_rate: rateField(0.01),
  momentum: momentumField,
  weight_decay: decayField(0.0001),
  beta: field(z.number().min(0).max(1000000).default(1000), {
    title: 'Weight of the attention',
    description: 'Of the mean squared difference of the attention maps, at each resolution.',
  }),
  power: field(z.number().min(1).max(10).default(2), {
    title: 'Power',
    description: 'Attention at a place is the mean over the channels of their values to this power.',
  }),
});

export const nad: DefenseDefinition<typeof params> = {
  id: 'nad',
  title: 'Neural attention distillation (NAD)',
  description:
    'Fine-tunes a copy as a teacher, then trains the model on clean images so that it looks where the teacher looks.',
  kind: 'repairs_model',
  paper: {
    title: 'Neural Attention Distillation: Erasing Backdoor Triggers from Deep Neural Networks',
    authors: 'Li, Lyu, Koren, Lyu, Li, Ma',
    year: 2021,
    url: 'https://arxiv.org/abs/2101.05930',
  },
  params,
  needs: PRUNING_NEEDS,
  variants: [],
  deviations: [
    'The learning rate is 0.01 throughout; the authors begin at 0.1 and divide it by ten every two epochs.',
    'One weight for all attention maps (theirs: 500, 1000, 1000), one map for each resolution.',
    'Images are not cropped, flipped or cut out.',
    'The student’s batch normalisation keeps to its running statistics.',
  ],
  score: { title: 'None: it judges nothing', bound: null },
  flags: 'units',
};
