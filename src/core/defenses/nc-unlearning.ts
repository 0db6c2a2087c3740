/** Unlearning by the recovered trigger: its parameters. Source: Wang et al., IEEE S&P 2019, section VI-C. */
import { z } from 'zod';
import { field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import {
  batchField,
  decayField,
  epochsField,
  examplesField,
  momentumField,
  rateField,
} from './repair-fields.ts';
import { neuralCleanse } from './neural-cleanse.ts';
import { searchFields, TRIGGER_REPAIR_NEEDS } from './trigger-repair-fields.ts';

export const params = z.strictObject({
  kind: kind('nc_unlearning', 'Unlearning by the recovered trigger'),
  ...searchFields,
  examples: examplesField(5000),
  epochs: epochsField(1),
  batch_size: batchField(32),
  share: field(fraction.default(0.2), {
    title: 'Share with the trigger',
    description: 'So many of the clean examples get the recovered trigger, and keep their labels.',
  }),
  learning_rate: rateField(0.01),
  momentum: momentumField,
  weight_decay: decayField(0),
});

export const ncUnlearning: DefenseDefinition<typeof params> = {
  id: 'nc_unlearning',
  title: 'Unlearning by the recovered trigger',
  description:
    'Recovers the trigger by Neural Cleanse, and fine-tunes on clean examples of which some have it under their right labels.',
  kind: 'repairs_model',
  paper: neuralCleanse.paper,
  params,
  needs: TRIGGER_REPAIR_NEEDS,
  variants: [],
  deviations: [
    'Where Neural Cleanse flags no label, the trigger of the label with the smallest is unlearnt; where it flags several, that with the smallest.',
    'The defender’s examples are half of the test set, instead of a tenth of the training set.',
    'The search ends after 300 steps a label.',
  ],
  score: { title: 'Anomaly index of the label whose trigger is unlearnt', bound: null },
  flags: 'labels',
};
