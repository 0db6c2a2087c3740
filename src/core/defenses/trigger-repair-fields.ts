/** What the repairs share that first recover the trigger by Neural Cleanse. */
import { z } from 'zod';
import { count, field } from '../config/schema-field.ts';
import type { DefenseNeeds } from './defense.ts';
import { neuralCleanse, type NeuralCleanseParams } from './neural-cleanse.ts';

export const searchFields = {
  search_steps: field(z.int().min(1).max(100000).default(300), {
    title: 'Steps of the search',
    description:
      'Neural Cleanse looks for a label’s trigger for at most so many steps, as it does by itself.',
    unit: 'steps',
  }),
  search_batches: field(count.max(10000).default(8), {
    title: 'Batches of a search step',
    description: 'Updates of mask and pattern in a step of the search.',
    unit: 'batches',
  }),
  search_examples: field(count.max(1000000).default(1000), {
    title: 'Clean images of the search',
    description: 'How many of the defender’s clean images the search uses.',
    unit: 'images',
  }),
};

/** Neural Cleanse as published, with these settings. */
export function searchOf(settings: {
  search_steps: number;
  search_batches: number;
  search_examples: number;
}): NeuralCleanseParams {
  return neuralCleanse.params.parse({
    kind: 'neural_cleanse',
    steps: settings.search_steps,
    batches: settings.search_batches,
    examples: settings.search_examples,
  });
}

export const TRIGGER_REPAIR_NEEDS: DefenseNeeds = {
  input: 'images',
  cleanExamples: 32,
  trainingSet: false,
  convolution: false,
  classes: 3,
};
