import type { ArchitectureDefinition } from './layers.ts';
import { parameterSpecs, type ParameterSpec } from './parameter-specs.ts';
import type { ImageDims } from './shapes.ts';

/**
 * The small convolutional network that Backdoors 101 trains on MNIST, a LeNet-5 with ReLU and wider layers:
 * conv 20@5x5, pool, conv 50@5x5, pool, dense 500, dense `classes`. 431,080 parameters for 28x28x1 and 10 classes.
 */
export const simplenet: ArchitectureDefinition = {
  id: 'simplenet',
  title: 'SimpleNet',
  paper: {
    title: 'Gradient-based learning applied to document recognition',
    authors: 'LeCun, Bottou, Bengio, Haffner',
    year: 1998,
    url: 'https://doi.org/10.1109/5.726791',
  },
  input: 'images',
  layers: (_shape, classes) => [
    { kind: 'conv', name: 'conv1', filters: 20, kernel: 5, stride: 1, padding: 'valid', bias: true },
    { kind: 'relu' },
    { kind: 'max_pool', size: 2, stride: 2 },
    { kind: 'conv', name: 'conv2', filters: 50, kernel: 5, stride: 1, padding: 'valid', bias: true },
    { kind: 'relu' },
    { kind: 'max_pool', size: 2, stride: 2 },
    { kind: 'flatten' },
    { kind: 'dense', name: 'fc1', units: 500 },
    { kind: 'relu' },
    { kind: 'dense', name: 'fc2', units: classes },
  ],
  infer: (shapes) => {
    const channels = shapes.get('conv1.weight')?.[1];
    const features = shapes.get('fc1.weight')?.[1];
    const classes = shapes.get('fc2.weight')?.[0];
    if (channels === undefined || features === undefined || classes === undefined) return null;
    // Two valid convolutions of 5 and two pools of 2 backwards: side 4 comes from 4 * 2 + 4 = 12, then 12 * 2 + 4 = 28.
    const side = Math.sqrt(features / 50);
    if (!Number.isInteger(side) || side === 0) return null;
    const input = (side * 2 + 4) * 2 + 4;
    return { inputShape: [input, input, channels], classes };
  },
};

/** The parameters of SimpleNet for images of `shape` and so many classes. Throws E-SHAPE for images too small for it. */
export function simplenetParameters(shape: ImageDims, classes: number): ParameterSpec[] {
  return parameterSpecs(simplenet.layers(shape, classes), shape);
}
