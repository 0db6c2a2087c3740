/** The plain twin of a residual network's forward pass in training mode, from the same list of layers. */
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { Layer } from '../../core/models/layers.ts';
import { parameterLayouts } from '../../core/models/layouts.ts';
import { toEngine } from '../models/layout.ts';
import {
  plainAdd,
  plainBatchNorm,
  plainConvolution,
  plainDense,
  plainGlobalAverage,
  plainRelu,
  type PlainTensor,
} from './plain-layers.ts';

export interface PlainPass {
  /** An array of the network by its name, in TensorFlow.js's layout. */
  array: (name: string) => PlainTensor;
  /** Sees the output of each layer, in order; of a residual block the body's, the shortcut's, then the sum. */
  visit?: (layer: Layer, output: PlainTensor) => void;
}

/** The output of the layers for `input` [n, height, width, channels], batch-norm by the statistics of the batch. */
export function plainForward(layers: readonly Layer[], input: PlainTensor, pass: PlainPass): PlainTensor {
  let current = input;
  for (const layer of layers) {
    current =
      layer.kind === 'residual'
        ? plainAdd(plainForward(layer.body, current, pass), plainForward(layer.shortcut, current, pass))
        : plainLayer(layer, current, pass);
    pass.visit?.(layer, current);
  }
  return current;
}

function plainLayer(
  layer: Exclude<Layer, { kind: 'residual' }>,
  input: PlainTensor,
  { array }: PlainPass,
): PlainTensor {
  switch (layer.kind) {
    case 'conv':
      if (layer.bias) throw unlike(layer);
      return plainConvolution(input, array(`${layer.name}.weight`), layer);
    case 'batch_norm':
      return plainBatchNorm(input, array(`${layer.name}.weight`), array(`${layer.name}.bias`), layer.epsilon);
    case 'relu':
      return plainRelu(input);
    case 'global_average_pool':
      return plainGlobalAverage(input);
    case 'dense':
      return plainDense(input, array(`${layer.name}.weight`), array(`${layer.name}.bias`));
    default:
      throw unlike(layer);
  }
}

function unlike({ kind }: Layer): Error {
  return new Error(`residual networks have no such ${kind}`);
}

/** The arrays of a network for the twin: the same numbers, in double precision. Throws E-SHAPE. */
export function plainArrays(layers: readonly Layer[], weights: ModelWeights): PlainPass['array'] {
  const given = new Map(weights.parameters.map((array) => [array.name, array]));
  const arrays = new Map<string, PlainTensor>();
  for (const layout of parameterLayouts(layers, weights.inputShape)) {
    const array = given.get(layout.name);
    if (!array) continue;
    const values = Float64Array.from(toEngine(layout, array));
    arrays.set(layout.name, { shape: layout.tensorFlowShape, values });
  }
  return (name) => {
    const found = arrays.get(name);
    if (!found) throw new Error(`the layer list names no array ${name}`);
    return found;
  };
}
