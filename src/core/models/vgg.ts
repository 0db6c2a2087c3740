import type { ArchitectureDefinition, Layer } from './layers.ts';

/** Filters of each 3x3 convolution, and where the image is halved. */
const STAGES: readonly (number | 'pool')[] = [
  16,
  'pool',
  32,
  'pool',
  64,
  64,
  'pool',
  128,
  128,
  'pool',
  128,
  128,
];

function features(): Layer[] {
  const layers: Layer[] = [];
  for (const stage of STAGES) {
    if (stage === 'pool') layers.push({ kind: 'max_pool', size: 2, stride: 2 });
    else {
      const at = layers.length;
      const shape = { filters: stage, kernel: 3, stride: 1, padding: 1 } as const;
      layers.push(
        { kind: 'conv', name: `features.${at}`, ...shape, bias: true, start: 'fan_out' },
        { kind: 'batch_norm', name: `features.${at + 1}`, epsilon: 1e-5, momentum: 0.1 },
        { kind: 'relu' },
      );
    }
  }
  return layers;
}

/**
 * VGG-11 (configuration A of the paper's table 1) for small images: a quarter as wide, with batch-norm after each
 * convolution, and the mean over the plane and one dense layer in the place of the last pool and three dense layers.
 * 579,786 parameters for 3 channels and 10 classes. Names are those of torchvision's vgg11_bn, but for the classifier.
 */
export const vgg: ArchitectureDefinition = {
  id: 'vgg',
  title: 'Narrow VGG-11',
  paper: {
    title: 'Very deep convolutional networks for large-scale image recognition',
    authors: 'Simonyan, Zisserman',
    year: 2015,
    url: 'https://arxiv.org/abs/1409.1556',
  },
  input: 'images',
  layers: (_shape, classes) => [
    ...features(),
    { kind: 'global_average_pool' },
    { kind: 'dense', name: 'classifier', units: classes },
  ],
  infer: (shapes) => {
    const channels = shapes.get('features.0.weight')?.[1];
    const classes = shapes.get('classifier.weight')?.[0];
    if (channels === undefined || classes === undefined) return null;
    const side = channels === 1 ? 28 : 32;
    return { inputShape: [side, side, channels], classes };
  },
};
