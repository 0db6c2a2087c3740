import type { ArchitectureDefinition } from './layers.ts';

/** Halved twice. */
const SHRINKS = 4;
const FILTERS = 32;

/**
 * The network of many federated benchmarks: conv 16@3x3, pool, conv 32@3x3, pool, dense `classes`, with ReLU and planes kept
 * by padding. 20,490 parameters for 28x28x1 and 10 classes, a fifth of SimpleNet's multiplications and a twentieth of what
 * a client has to send.
 */
export const smallCnn: ArchitectureDefinition = {
  id: 'small_cnn',
  title: 'Small CNN',
  paper: {
    title: 'Gradient-based learning applied to document recognition',
    authors: 'LeCun, Bottou, Bengio, Haffner',
    year: 1998,
    url: 'https://doi.org/10.1109/5.726791',
  },
  input: 'images',
  layers: (_shape, classes) => [
    { kind: 'conv', name: 'conv1', filters: 16, kernel: 3, stride: 1, padding: 1, bias: true },
    { kind: 'relu' },
    { kind: 'max_pool', size: 2, stride: 2 },
    { kind: 'conv', name: 'conv2', filters: FILTERS, kernel: 3, stride: 1, padding: 1, bias: true },
    { kind: 'relu' },
    { kind: 'max_pool', size: 2, stride: 2 },
    { kind: 'flatten' },
    { kind: 'dense', name: 'fc', units: classes },
  ],
  infer: (shapes) => {
    const channels = shapes.get('conv1.weight')?.[1];
    const features = shapes.get('fc.weight')?.[1];
    const classes = shapes.get('fc.weight')?.[0];
    if (shapes.get('conv2.weight')?.[0] !== FILTERS) return null;
    if (channels === undefined || features === undefined || classes === undefined) return null;
    const side = Math.sqrt(features / FILTERS) * SHRINKS;
    return Number.isInteger(side) && side > 0 ? { inputShape: [side, side, channels], classes } : null;
  },
};
