/** The arrays that a network needs, from its list of layers: what PyTorch calls its state dict. */
import type { ArchitectureDefinition, Layer, PlainLayer } from './layers.ts';
import { imageShape, sizeOf, walkLayers } from './layers.ts';
import type { ActivationShape, InputShape } from './shapes.ts';
import { GATES } from './text-layers.ts';

/** One array in PyTorch's name and layout: conv [out, in, kh, kw] or [out, in, width], dense [out, in], tables [rows, features]. */
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
   * its layer (torch.nn.Conv2d and Linear: kaiming_uniform with a = sqrt(5)); from N(0, deviation²), where the first so
   * many values may be 0; or one value throughout.
   */
  start: { fanIn: number } | { deviation: number; zeros?: number } | { value: number };
  /** Its rows are looked up, not multiplied: it lies alike everywhere. */
  table?: true;
}

/** The arrays of a network in the order of its layers, as PyTorch's `state_dict()` has them. Throws E-SHAPE. */
export function parameterSpecs(layers: readonly Layer[], input: InputShape): ParameterSpec[] {
  const specs: ParameterSpec[] = [];
  walkLayers(layers, input, (layer, shape) => specs.push(...layerSpecs(layer, shape)));
  return specs;
}

function layerSpecs(layer: PlainLayer, input: ActivationShape): ParameterSpec[] {
  switch (layer.kind) {
    case 'conv': {
      const { name, filters, kernel, bias } = layer;
      const channels = imageShape(layer, input)[2];
      const specs = drawn(name, [filters, channels, kernel, kernel], bias);
      if (layer.start !== 'fan_out') return specs;
      const deviation = Math.sqrt(2 / (filters * kernel ** 2));
      return specs.map((spec) => ({
        ...spec,
        start: spec.shape.length === 1 ? { value: 0 } : { deviation },
      }));
    }
    case 'dense':
      return drawn(layer.name, [layer.units, input.at(-1) ?? 0], true);
    case 'batch_norm': {
      const channels = [imageShape(layer, input)[2]];
      const { name } = layer;
      return [
        ...scaling(name, channels),
        { name: `${name}.running_mean`, shape: channels, role: 'statistic', start: { value: 0 } },
        { name: `${name}.running_var`, shape: channels, role: 'statistic', start: { value: 1 } },
        { name: `${name}.num_batches_tracked`, shape: [], role: 'count', start: { value: 0 } },
      ];
    }
    case 'group_norm':
      return scaling(layer.name, [imageShape(layer, input)[2]]);
    case 'relu':
    case 'max_pool':
    case 'global_average_pool':
    case 'flatten':
    case 'max_over_words':
    case 'mean_over_words':
      return [];
    case 'embedding': {
      const { name, features } = layer;
      return [table(name, [input[1] ?? 0, features], { deviation: 1, zeros: features })];
    }
    case 'positions':
      return [table(layer.name, [...input], { deviation: 1 })];
    case 'conv_words':
      return drawn(layer.name, [layer.filters, input[1] ?? 0, layer.width], true);
    case 'layer_norm':
      return scaling(layer.name, [input[1] ?? 0]);
    case 'recurrent':
      return recurrent(layer, input[1] ?? 0);
    case 'self_attention':
      return attention(layer.name, input[1] ?? 0);
  }
}

/** The scale and shift of a normalisation. */
function scaling(name: string, shape: number[]): ParameterSpec[] {
  return [
    { name: `${name}.weight`, shape, role: 'parameter', start: { value: 1 } },
    { name: `${name}.bias`, shape, role: 'parameter', start: { value: 0 } },
  ];
}

/** torch.nn.Embedding: rows from N(0, 1). */
function table(name: string, shape: number[], start: ParameterSpec['start']): ParameterSpec {
  return { name: `${name}.weight`, shape, role: 'parameter', start, table: true };
}

/** torch.nn.GRU and LSTM: everything from U(-1/sqrt(hidden), 1/sqrt(hidden)). */
function recurrent(
  { cell, name, hidden, bidirectional, depth }: Extract<PlainLayer, { kind: 'recurrent' }>,
  features: number,
): ParameterSpec[] {
  const rows = GATES[cell] * hidden;
  const ways = bidirectional ? ['', '_reverse'] : [''];
  return Array.from({ length: depth }, (_, level) => level).flatMap((level) => {
    const input = level === 0 ? features : hidden * ways.length;
    const shapes = { weight_ih: [rows, input], weight_hh: [rows, hidden], bias_ih: [rows], bias_hh: [rows] };
    return ways.flatMap((way) =>
      Object.entries(shapes).map(([array, shape]): ParameterSpec => {
        const start = { fanIn: hidden };
        return { name: `${name}.${array}_l${level}${way}`, shape, role: 'parameter', start };
      }),
    );
  });
}

/** torch.nn.MultiheadAttention: xavier_uniform over the stacked projections, biases of 0. */
function attention(name: string, features: number): ParameterSpec[] {
  const weight = { shape: [3 * features, features], start: { fanIn: (4 * features) / 6 } };
  const bias = (width: number) => ({ shape: [width], start: { value: 0 } });
  return [
    { name: `${name}.in_proj_weight`, role: 'parameter', ...weight },
    { name: `${name}.in_proj_bias`, role: 'parameter', ...bias(3 * features) },
    {
      name: `${name}.out_proj.weight`,
      role: 'parameter',
      shape: [features, features],
      start: { fanIn: features },
    },
    { name: `${name}.out_proj.bias`, role: 'parameter', ...bias(features) },
  ];
}

/** A weight [out, ...] and its bias [out]. */
function drawn(name: string, shape: number[], bias: boolean): ParameterSpec[] {
  const start = { fanIn: sizeOf(shape.slice(1)) };
  const weight: ParameterSpec = { name: `${name}.weight`, shape, role: 'parameter', start };
  if (!bias) return [weight];
  return [weight, { name: `${name}.bias`, shape: shape.slice(0, 1), role: 'parameter', start }];
}

/** How many numbers of an architecture are learnt, for inputs of `shape` and so many classes. Throws E-SHAPE. */
export function parameterCount(
  architecture: ArchitectureDefinition,
  shape: InputShape,
  classes: number,
): number {
  return parameterSpecs(architecture.layers(shape, classes), shape)
    .filter(({ role }) => role === 'parameter')
    .reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}
