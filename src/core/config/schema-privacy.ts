/** Training that hides single examples: with a guarantee, or shaped gradients without one. */
import { z } from 'zod';
import { ACCOUNTANTS } from '../privacy/accountants.ts';
import { field, kind } from './schema-field.ts';

const clip = field(z.number().gt(0).max(1e6).default(1), {
  title: 'Clip',
  description: 'A longer gradient is shortened to this length.',
});

export const privacy = z.discriminatedUnion('kind', [
  z.strictObject({ kind: kind('none', 'None') }),
  z.strictObject({
    kind: kind('dp_sgd', 'Differentially private (DP-SGD)'),
    clip: field(clip, {
      title: 'Clip',
      description:
        'The gradient of each example is shortened to this length before they are added up; Abadi et al. (2016).',
    }),
    noise_multiplier: field(z.number().gt(0).max(1000).default(1.1), {
      title: 'Noise multiplier',
      description:
        'Deviation of the noise on the sum, in clips. More noise gives a smaller ε. Not read where an ε is asked for.',
      unit: 'clips',
    }),
    target_epsilon: field(z.number().gt(0).max(1e6).nullable().default(null), {
      title: 'Wanted ε',
      description:
        'The least noise is taken that keeps ε at or below this over all steps of the run; empty takes the noise multiplier.',
    }),
    delta: field(z.number().gt(0).lt(1).nullable().default(null), {
      title: 'δ',
      description:
        'The chance that the guarantee fails, below 1 over the number of training examples n; empty takes n^-1.1.',
    }),
    accountant: field(z.enum(ACCOUNTANTS).default('rdp'), {
      title: 'Accountant',
      description:
        'How ε is counted: by Rényi divergences (rdp), or by the distribution of the privacy loss (prv), which is tighter, and slow: after each epoch.',
    }),
  }),
  z.strictObject({
    kind: kind('gradient_shaping', 'Shaped gradients, no guarantee'),
    each: field(z.enum(['example', 'batch']).default('example'), {
      title: 'Clip each',
      description:
        'Example: the gradient of every example is clipped, then their mean is taken. Batch: the gradient of the step is clipped whole, which suits any model and any attack.',
    }),
    clip,
    sigma: field(z.number().min(0).max(1e6).default(0.01), {
      title: 'Noise',
      description:
        'Standard deviation of the noise on each value: of the sum of a batch’s clipped gradients, or of the clipped gradient of the step.',
    }),
  }),
]);

export type PrivacyConfig = z.output<typeof privacy>;
