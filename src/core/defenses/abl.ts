/** Anti-backdoor learning: its parameters. Source: Li et al., NeurIPS 2021, section 3 and algorithm 1. */
import { z } from 'zod';
import { count, field, fraction, kind } from '../config/schema-field.ts';
import type { DefenseDefinition } from './defense.ts';

const epochs = (usual: number, title: string, description: string) =>
  field(count.max(10000).default(usual), { title, description, unit: 'epochs' });

export const params = z.strictObject({
  kind: kind('abl', 'Anti-backdoor learning'),
  isolation_epochs: epochs(
    1,
    'Epochs before isolation',
    'With the loss held near its bound; then the examples that the model has learnt best are set apart.',
  ),
  gamma: field(z.number().gt(0).max(100).default(0.5), {
    title: 'Bound of the loss',
    description: 'Where the loss of an example lies below it, the loss is made larger instead of smaller.',
  }),
  isolated: field(fraction.gt(0).default(0.01), {
    title: 'Share set apart',
    description: 'So many of the training examples, those of the smallest loss.',
  }),
  epochs: epochs(1, 'Epochs', 'Plain training on all other examples.'),
  unlearning_epochs: epochs(
    1,
    'Epochs of unlearning',
    'The loss on the other examples is made small, and that on those set apart large.',
  ),
  unlearning_rate: field(z.number().gt(0).max(100).default(0.0005), {
    title: 'Learning rate of unlearning',
    description: 'Of the optimizer that the model was trained with.',
  }),
});

export const abl: DefenseDefinition<typeof params> = {
  id: 'abl',
  title: 'Anti-backdoor learning (ABL)',
  description:
    'Trains a new model: sets apart the few examples that are learnt suspiciously well, and unlearns them while it learns the others.',
  kind: 'changes_training',
  paper: {
    title: 'Anti-Backdoor Learning: Training Clean Models on Poisoned Data',
    authors: 'Li, Lyu, Koren, Lyu, Li, Ma',
    year: 2021,
    url: 'https://arxiv.org/abs/2110.11571',
  },
  params,
  needs: { input: 'any', cleanExamples: 0, trainingSet: true, convolution: false, classes: 2 },
  variants: [
    {
      id: 'paper',
      title: 'As long as published',
      description:
        '100 epochs, of which 20 come before the isolation; how the other 80 are shared out is a choice of this lab.',
      params: { isolation_epochs: 20, epochs: 60, unlearning_epochs: 20 },
    },
  ],
  deviations: [
    'Three epochs in all instead of 100, a choice of this lab so that it can be watched.',
    'Between isolation and unlearning it trains on the other examples alone, also a choice of this lab.',
    'Unlearning leaves a batch of isolated examples alone once its loss is twice that of a guess: a loss that is made large has no end.',
    'Optimizer, batch size and learning rate before unlearning are those the model was trained with; images are not augmented.',
  ],
  score: { title: 'Mean loss of the examples set apart', bound: null },
  flags: 'examples',
};
