/** Pruning by the recovered trigger: its parameters. Source: Wang et al., IEEE S&P 2019, section VI-B. */
import { z } from 'zod';
import { kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import { neuralCleanse } from './neural-cleanse.ts';
import { dropField, examplesField } from './repair-fields.ts';
import { searchFields, TRIGGER_REPAIR_NEEDS } from './trigger-repair-fields.ts';

export const params = z.strictObject({
  kind: kind('nc_pruning', 'Pruning by the recovered trigger'),
  ...searchFields,
  examples: examplesField(1000),
  drop: dropField(0.03),
});

export const ncPruning: DefenseDefinition<typeof params> = {
  id: 'nc_pruning',
  title: 'Pruning by the recovered trigger',
  description:
    'Recovers the trigger by Neural Cleanse, and prunes the channels that it wakes most, while the accuracy holds.',
  kind: 'repairs_model',
  paper: neuralCleanse.paper,
  params,
  needs: { ...TRIGGER_REPAIR_NEEDS, convolution: true },
  variants: [],
  deviations: [
    'Channels of the last convolution are pruned, instead of neurons of the layer before the last.',
    'Pruning goes on while the defender’s own accuracy allows, over the channels that the trigger wakes at all.',
    'Where Neural Cleanse flags no label, the trigger of the label with the smallest is taken; where it flags several, that with the smallest.',
    'The search ends after 300 steps a label.',
  ],
  score: { title: 'Share of the channels that are pruned', bound: null },
  flags: 'units',
};
