/** How a gradient changes the weights. */
import { z } from 'zod';
import { field, kind } from './schema-field.ts';

export const optimizer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: kind('sgd', 'SGD'),
    learning_rate: field(z.number().gt(0).max(100).default(0.01), {
      title: 'Learning rate',
      description: 'Step size.',
    }),
    momentum: field(z.number().min(0).lt(1).default(0.9), {
      title: 'Momentum',
      description: 'Part of the last step that is kept, as in torch.optim.SGD.',
    }),
    weight_decay: field(z.number().min(0).max(1).default(0.0005), {
      title: 'Weight decay',
      description: 'L2 penalty, added to the gradient before momentum.',
    }),
  }),
  z.strictObject({
    kind: kind('adam', 'Adam'),
    learning_rate: field(z.number().gt(0).max(100).default(0.001), {
      title: 'Learning rate',
      description: 'Step size.',
    }),
    beta1: field(z.number().min(0).lt(1).default(0.9), {
      title: 'Beta 1',
      description: 'Decay of the mean of gradients.',
    }),
    beta2: field(z.number().min(0).lt(1).default(0.999), {
      title: 'Beta 2',
      description: 'Decay of the mean of squared gradients.',
    }),
    epsilon: field(z.number().gt(0).max(1).default(1e-8), {
      title: 'Epsilon',
      description: 'Added to the divisor.',
    }),
    weight_decay: field(z.number().min(0).max(1).default(0), {
      title: 'Weight decay',
      description: 'L2 penalty, added to the gradient (torch.optim.Adam, not AdamW).',
    }),
  }),
]);
