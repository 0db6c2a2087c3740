/** The arrays that a network needs, from its list of layers: what PyTorch calls its state dict. */
import type { ActivationShape, ArchitectureDefinition, ImageDims, Layer, PlainLayer } from './layers.ts';
import { imageShape, sizeOf, walkLayers } from './layers.ts';

/** One array in PyTorch's name and layout: conv [out, in, kh, kw], dense [out, in], others [out]. */
export interface ParameterSpec {
  name: string;
  shape: number[];
  /**
   * What changes it in training: gradients and the optimizer (`parameter`), or the batches that pass (`statistic`:
   * batch-norm's running mean and variance; `count`: how many batches they have seen). PyTorch calls the latter buffers.
   */
  role: 'parameter' | 'statistic' | 'count';
  /**
   * What it starts from: draws from U(-1/sqrt(fanIn), 1/sqrt(fanIn)), where fanIn inputs are summed into one output of
   * its layer (torch.nn.Conv2d and Linear: kaiming_uniform with a = sqrt(5)); or one value throughout.
   */
  start: { fanIn: number } | { value: number };
}

/** The arrays of a network in the order of its layers, as PyTorch's `state_dict()` has them. Throws E-SHAPE. */
export function parameterSpecs(layers: readonly Layer[], input: ImageDims): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  walkLayers(layers, input, (layer, shape) => specs.push(...layerSpecs(layer, shape)));
  return specs;
}

function layerSpecs(layer: PlainLayer, input: ActivationShape): ParameterSpec[] {
  switch (layer.kind) {
    case 'conv': {
      const { name, filters, kernel, bias } = layer;
      const channels = imageShape(layer, input)[2];
      return drawn(name, [filters, channels, kernel, kernel], bias);
    }
    case 'dense':
      return drawn(layer.name, [layer.units, input[0]], true);
    case 'batch_norm': {
      const channels = [imageShape(layer, input)[2]];
      const { name } = layer;
      return [
        { name: `${name}.weight`, shape: channels, role: 'parameter', start: { value: 1 } },
        { name: `${name}.bias`, shape: channels, role: 'parameter', start: { value: 0 } },
        { name: `${name}.running_mean`, shape: channels, role: 'statistic', start: { value: 0 } },
        { name: `${name}.running_var`, shape: channels, role: 'statistic', start: { value: 1 } },
        { name: `${name}.num_batches_tracked`, shape: [], role: 'count', start: { value: 0 } },
      ];
    }
    case 'relu':
    case 'max_pool':
    case 'global_average_pool':
    case 'flatten':
      return [];
  }
}

/** A weight [out, ...] and its bias [out]. */
function drawn(name: string, shape: number[], bias: boolean): ParameterSpec[] {
  const start = { fanIn: sizeOf(shape.slice(1)) };
  const weight: ParameterSpec = { name: `${name}.weight`, shape, role: 'parameter', start };
  if (!bias) return [weight];
  return [weight, { name: `${name}.bias`, shape: shape.slice(0, 1), role: 'parameter', start }];
}

/** How many numbers of an architecture are learnt, for images of `shape` and so many classes. Throws E-SHAPE. */
export function parameterCount(
  architecture: ArchitectureDefinition,
  shape: ImageDims,
  classes: number,
): number {
  return parameterSpecs(architecture.layers(shape, classes), shape)
    .filter(({ role }) => role === 'parameter')
    .reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}
