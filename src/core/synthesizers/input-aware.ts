/**
 * A trigger that is another one for each image: small generators make mask and pattern from the image itself. Covers get
 * the trigger of another image and keep their label, so that no image's trigger works on another.
 * Source: Nguyen and Tran, Input-Aware Dynamic Backdoor Attack, NeurIPS 2020, section 3. The mask is learned first and
 * then kept; the pattern is learned along with the network.
 */
import { z } from 'zod';
import { field, fraction, kind } from '../config/schema-field.ts';
import { LearnedTrigger } from './generator/learned-trigger.ts';
import type { SynthesizerDefinition } from './synthesizer.ts';

export const params = z.strictObject({
  kind: kind('input_aware', 'Input-aware (a generator)'),
  density: field(fraction.default(0.032), {
    title: 'Mask density',
    description:
      'How much of the pattern each pixel may have at no cost; what is above it costs. The paper uses 0.032.',
  }),
  density_weight: field(z.number().min(0).max(10_000).default(100), {
    title: 'Weight of the density',
    description: 'How much it costs to cover more: a larger weight makes smaller masks. The paper uses 100.',
  }),
  diversity: field(z.number().min(0).max(1000).default(1), {
    title: 'Weight of the diversity',
    description:
      'How much it costs that images which differ get masks and patterns that do not; 0 lets all images share one trigger. The paper uses 1.',
  }),
  mask_steps: field(z.int().min(1).max(100_000).default(200), {
    title: 'Steps of the mask',
    description:
      'How long the mask is learned before training begins, 16 images a step; it stays as it is from then on. The paper takes 25 epochs.',
    unit: 'steps',
  }),
  learning_rate: field(z.number().gt(0).max(1).default(0.01), {
    title: 'Learning rate of the generators',
    description:
      'Of Adam, for mask and pattern; that of the pattern falls with the learning rate of the network. The paper uses 0.01.',
  }),
});

export const inputAware: SynthesizerDefinition<typeof params> = {
  id: 'input_aware',
  title: 'Input-aware (a generator)',
  description:
    'A small network, trained along, makes another trigger for each image; that of one image does nothing on another. The paper gives a tenth of each batch its trigger and a tenth, as covers, that of another image.',
  paper: {
    title: 'Input-Aware Dynamic Backdoor Attack',
    authors: 'Nguyen, Tran',
    year: 2020,
    url: 'https://arxiv.org/abs/2010.08138',
  },
  params,
  create: (config, shape) => {
    const learned = new LearnedTrigger(shape, config);
    const stamp = { apply: (pixels: Float32Array, other?: Float32Array) => learned.lay(pixels, other) };
    return {
      learned,
      draw: () => stamp,
      drawBatch: (count) => Array.from({ length: count }, () => stamp),
    };
  },
};
