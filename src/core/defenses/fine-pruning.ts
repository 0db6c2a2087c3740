/** Fine-pruning: its parameters. Source: Liu et al., RAID 2018, sections 3.1 and 3.3. */
import { z } from 'zod';
import { kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';
import {
  batchField,
  decayField,
  dropField,
  epochsField,
  examplesField,
  momentumField,
  PRUNING_NEEDS,
  rateField,
} from './repair-fields.ts';

export const params = z.strictObject({
  kind: kind('fine_pruning', 'Fine-pruning'),
  examples: examplesField(3000),
  drop: dropField(0.04),
  epochs: epochsField(10),
  batch_size: batchField(64),
  learning_rate: rateField(0.01),
  momentum: momentumField,
  weight_decay: decayField(0.0005),
});

export const finePruning: DefenseDefinition<typeof params> = {
  id: 'fine_pruning',
  title: 'Fine-pruning',
  description:
    'Takes away the channels of the last convolution that clean images excite least, then trains on with clean images.',
  kind: 'repairs_model',
  paper: {
    title: 'Fine-Pruning: Defending Against Backdooring Attacks on Deep Neural Networks',
    authors: 'Liu, Dolan-Gavitt, Garg',
    year: 2018,
    url: 'https://arxiv.org/abs/1805.12185',
  },
  params,
  needs: PRUNING_NEEDS,
  variants: [
    {
      id: 'backdoorbench',
      title: 'BackdoorBench',
      description: 'Gives up ten points of accuracy before it trains on.',
      params: { drop: 0.1 },
    },
  ],
  deviations: [
    'Activations are rectified maps before any pool, averaged over images and places.',
    'Accuracy is looked at on the images that also rank the channels.',
  ],
  score: { title: 'Share of the channels of the last convolution that are pruned', bound: null },
  flags: 'units',
};
