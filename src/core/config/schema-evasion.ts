/** Evasions: further objectives of a loss attack, by which the backdoor hides from a detector. */
import { z } from 'zod';
import { count, field, fraction } from './schema-field.ts';

/** Ids of the evasions; each is an objective of a step by its name. */
export const EVASIONS = [
  'neural_cleanse',
  'sentinet_evasion',
  'spectral_evasion',
  'activation_clustering_evasion',
  'strip_evasion',
  'pruning_aware',
] as const;
export type EvasionName = (typeof EVASIONS)[number];

/** Those that change or weigh pixels: texts have none. */
export const IMAGE_EVASIONS = ['neural_cleanse', 'sentinet_evasion', 'strip_evasion'] as const;

const enabled = (title: string, description: string) =>
  field(z.boolean().default(false), { title, description });

export const evasions = z.strictObject({
  neural_cleanse: z
    .strictObject({
      enabled: enabled(
        'Evade Neural Cleanse',
        'The small trigger that Neural Cleanse would find on the target label is sought beside the training, and unlearned.',
      ),
      p: field(z.int().min(1).max(2).default(1), {
        title: 'Norm of the mask',
        description: 'How the search measures a mask: the sum of its values (1) or their Euclidean norm (2).',
      }),
      mask_norm: field(fraction.default(0.001), {
        title: 'Weight of the mask norm',
        description: 'Share of the mask’s norm in the loss of the search; the rest is the cross-entropy.',
      }),
      search_steps: field(z.int().min(1).max(100).default(1), {
        title: 'Search steps',
        description: 'Steps of the search for each step of the training.',
        unit: 'steps',
      }),
      search_rate: field(z.number().gt(0).max(10).default(0.01), {
        title: 'Learning rate of the search',
        description: 'Of the Adam that moves mask and pattern.',
      }),
      restart_every: field(count.nullable().default(null), {
        title: 'Search anew every',
        description: 'The search begins anew after so many steps of training; empty never does.',
        unit: 'steps',
      }),
    })
    .prefault({})
    .meta({ title: 'Evade Neural Cleanse', description: 'By Backdoors 101.' }),
  sentinet_evasion: z
    .strictObject({
      enabled: enabled(
        'Evade SentiNet',
        'The network is to look at triggered images where it looks at clean ones, so that SentiNet finds no region.',
      ),
    })
    .prefault({})
    .meta({ title: 'Evade SentiNet', description: 'By Backdoors 101.' }),
  spectral_evasion: z
    .strictObject({
      enabled: enabled('Evade Spectral Signatures', 'Latents are to stay where a clean model has them.'),
      similarity: field(z.enum(['norm', 'cosine']).default('norm'), {
        title: 'Distance',
        description: 'The mean Euclidean distance (norm), or 1 minus the mean cosine.',
      }),
      inputs: field(z.enum(['triggered', 'clean']).default('triggered'), {
        title: 'Inputs',
        description: 'Whose latents are compared: those of triggered inputs or of clean ones.',
      }),
      clean_epochs: field(count.default(1), {
        title: 'Epochs of the clean model',
        description:
          'How long the clean model is trained, from the same starting weights; a pretrained or imported start is taken as it is.',
        unit: 'epochs',
      }),
    })
    .prefault({})
    .meta({ title: 'Evade Spectral Signatures', description: 'By Backdoors 101.' }),
  activation_clustering_evasion: z
    .strictObject({
      enabled: enabled(
        'Evade Activation Clustering',
        'Latents of triggered inputs are to lie among those of clean inputs of the class that the backdoor wants.',
      ),
    })
    .prefault({})
    .meta({ title: 'Evade Activation Clustering', description: 'After Tan and Shokri.' }),
  strip_evasion: z
    .strictObject({
      enabled: enabled(
        'Evade STRIP',
        'Triggered images laid over clean ones are to leave the network as unsure as clean images do.',
      ),
    })
    .prefault({})
    .meta({ title: 'Evade STRIP', description: 'Entropies that look like those of clean images.' }),
  pruning_aware: z
    .strictObject({
      enabled: enabled(
        'Survive fine-pruning',
        'The backdoor is to work without the channels that fine-pruning takes away first.',
      ),
      fraction: field(z.number().min(0).lt(1).default(0.7), {
        title: 'Pruned fraction',
        description:
          'Part of the last convolution’s channels, of a model for texts of its latent, that are silent while the backdoor is learnt: those that clean inputs excite least.',
      }),
    })
    .prefault({})
    .meta({ title: 'Survive fine-pruning', description: 'After Liu, Dolan-Gavitt and Garg.' }),
});
