/**
 * Floating-point operations of each workload, counted from the shapes of its layers: two (a product and a sum) for each
 * multiply-add of a matrix product or convolution. Pooling, biases, losses and updates are left out: they are a few per
 * cent. Only what is needed counts: no gradient of the images in a training step, none of the weights in a Neural
 * Cleanse step.
 */
import { activationShapes } from '../src/core/models/layers.ts';
import { simplenet } from '../src/core/models/simplenet.ts';
import { MATMUL_SIDE, microConvolution } from './micro-shapes.ts';
import { LABEL_BATCHES, LABELS_AT_ONCE, ROUNDS } from './shared-work.ts';
import { BATCH, EVALUATION_IMAGES, type StepName } from './workload-list.ts';

/** Multiply-adds of each product of a network for one image, in the order of its layers. */
function simplenetProducts(): number[] {
  const shape = [28, 28, 1] as const;
  const layers = simplenet.layers(shape, 10);
  const shapes = activationShapes(layers, shape);
  return layers.flatMap((layer, index) => {
    const input = shapes[index] ?? [];
    const output = shapes[index + 1] ?? [];
    const outputs = output.reduce((product: number, side) => product * side, 1);
    if (layer.kind === 'conv') return [outputs * layer.kernel ** 2 * (input[2] ?? 0)];
    if (layer.kind === 'dense') return [outputs * (input[0] ?? 0)];
    return [];
  });
}

/** He et al., Deep residual learning, CVPR 2016, as Backdoors 101 has it for CIFAR: four stages of two blocks. */
function resnet18Products(): number[] {
  const convolution = (side: number, kernel: number, from: number, to: number): number =>
    side ** 2 * kernel ** 2 * from * to;
  const products = [convolution(32, 3, 3, 64)];
  let channels = 64;
  for (const [stage, filters] of [64, 128, 256, 512].entries()) {
    const side = 32 / 2 ** stage;
    for (const from of [channels, filters]) {
      products.push(convolution(side, 3, from, filters), convolution(side, 3, filters, filters));
      if (from !== filters) products.push(convolution(side, 1, from, filters));
    }
    channels = filters;
  }
  return [...products, 512 * 10];
}

const sum = (products: readonly number[]): number => products.reduce((total, product) => total + product, 0);

/** Forward, the gradient of every weight, and of every input but the images. */
const training = (products: readonly number[]): number => 3 * sum(products) - (products[0] ?? 0);

/** Operations of one step of the workload. */
export function flopsOf(name: StepName): number {
  switch (name) {
    case 'simplenet_step':
    case 'simplenet_adam_step':
    case 'dp_step': // what private training computes beside a plain step is its price
      return 2 * BATCH * training(simplenetProducts());
    case 'simplenet_eval':
      return 2 * EVALUATION_IMAGES * sum(simplenetProducts());
    case 'mgda_step':
      return 2 * 2 * BATCH * training(simplenetProducts());
    case 'nc_step':
      return 2 * BATCH * 2 * sum(simplenetProducts());
    case 'resnet18_step':
      return 2 * BATCH * training(resnet18Products());
    case 'nc_labels':
      return LABELS_AT_ONCE * LABEL_BATCHES * flopsOf('nc_step');
    case 'federated_round':
    case 'federated_2':
    case 'federated_8':
    case 'federated_16':
    case 'federated_few':
    case 'federated_many': {
      const { perRound, clients, examples } = ROUNDS[name];
      return (2 * perRound * examples * training(simplenetProducts())) / clients;
    }
    case 'matmul_512':
      return 2 * MATMUL_SIDE ** 3;
    default:
      return convolutionFlops(name);
  }
}

function convolutionFlops(name: StepName): number {
  const shape = microConvolution(name);
  if (!shape) throw new Error(`no operations counted for ${name}`);
  const [batch, height, width, channels] = shape.input;
  const [kernelHeight, kernelWidth, , filters] = shape.filter;
  const lost = shape.padding === 'valid' ? 1 : 0;
  const outputs = batch * (height - lost * (kernelHeight - 1)) * (width - lost * (kernelWidth - 1)) * filters;
  return 2 * outputs * kernelHeight * kernelWidth * channels;
}
