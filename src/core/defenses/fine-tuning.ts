/** Fine-tuning on clean examples: its parameters. Source: Liu et al., Fine-Pruning, RAID 2018, section 3.2. */
import { z } from 'zod';
import { kind } from '../config/schema-field.ts';
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
  kind: kind('fine_tuning', 'Fine-tuning'),
  examples: examplesField(3000),
  epochs: epochsField(10),
  batch_size: batchField(64),
  learning_rate: rateField(0.01),
  momentum: momentumField,
  weight_decay: decayField(0.0005),
});

export const fineTuning: DefenseDefinition<typeof params> = {
  id: 'fine_tuning',
  title: 'Fine-tuning (FT)',
  description:
    'Trains on with clean examples alone. Nothing asks the model to forget the trigger: it is what other repairs are compared with.',
  kind: 'repairs_model',
  paper: {
    title: 'Fine-Pruning: Defending Against Backdooring Attacks on Deep Neural Networks',
    authors: 'Liu, Dolan-Gavitt, Garg',
    year: 2018,
    url: 'https://arxiv.org/abs/1805.12185',
  },
  params,
  needs: REPAIR_NEEDS,
  variants: [],
  deviations: [
    'The paper takes the learning rate of the training; here it is a parameter, as in BackdoorBench, with 10 epochs instead of its 100.',
  ],
  score: { title: 'None: it judges nothing', bound: null },
  flags: 'units',
};
