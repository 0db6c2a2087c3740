/** What the repairs that train share: how many clean examples, how often, how fast. */
import { z } from 'zod';
import { count, field, fraction } from '../config/schema-field.ts';
import type { DefenseNeeds } from './defense.ts';

export const examplesField = (usual: number) =>
  field(count.max(1000000).default(usual), {
    title: 'Clean examples',
    description: 'How many of the defender’s clean examples it uses.',
    unit: 'examples',
  });

export const epochsField = (usual: number) =>
  field(count.max(10000).default(usual), {
    title: 'Epochs',
    description: 'Passes over the defender’s examples.',
    unit: 'epochs',
  });

export const batchField = (usual: number) =>
  field(z.int().min(2).max(4096).default(usual), {
    title: 'Batch size',
    description: 'Examples of one update.',
    unit: 'examples',
  });

export const rateField = (usual: number) =>
  field(z.number().gt(0).max(100).default(usual), {
    title: 'Learning rate',
    description: 'Of SGD with momentum.',
  });

export const momentumField = field(z.number().min(0).lt(1).default(0.9), {
  title: 'Momentum',
  description: 'Part of the last update that is kept.',
});

export const decayField = (usual: number) =>
  field(z.number().min(0).max(1).default(usual), {
    title: 'Weight decay',
    description: 'L2 penalty, added to the gradient before momentum.',
  });

export const thresholdField = (usual: number) =>
  field(fraction.default(usual), {
    title: 'Threshold',
    description: 'Channels whose mask ends at or below it are pruned.',
  });

export const dropField = (usual: number) =>
  field(fraction.default(usual), {
    title: 'Accuracy given up',
    description: 'Pruning ends before the accuracy on the defender’s own examples falls by more than this.',
  });

/** Of a repair by a few clean examples. */
export const REPAIR_NEEDS: DefenseNeeds = {
  input: 'any',
  cleanExamples: 32,
  trainingSet: false,
  convolution: false,
  classes: 2,
};

/** Of one that works on the channels of convolutions. */
export const PRUNING_NEEDS: DefenseNeeds = { ...REPAIR_NEEDS, input: 'images', convolution: true };
