/** What the filters of training data share. */
import { z } from 'zod';
import { field } from '../config/schema-field.ts';

export const retrain = field(z.boolean().default(false), {
  title: 'Train again',
  description:
    'Trains a new model as this one was, from its seed, without the examples that are flagged; its figures are measured.',
});
