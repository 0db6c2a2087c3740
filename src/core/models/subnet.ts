/**
 * A narrow network in the place of some channels of a wide one of the same layers: Qi et al., Towards practical
 * deployment-stage backdoor attack on deep neural networks (CVPR 2022), section 3.
 */
import { LabError } from '../errors.ts';
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import { architectureOf } from './architectures.ts';
import type { Layer } from './layers.ts';

type Host = Pick<ModelWeights, 'model' | 'inputShape' | 'classes'>;

export interface Implanted {
  weights: ModelWeights;
  /** Channels or units replaced in each layer, from the input on; the last layer only listens. */
  replaced: { layer: string; channels: number }[];
  /** Numbers that differ from the host's. */
  edited: number;
}

/**
 * The host with the subnet in the first channels of each layer: they read nothing of the rest, the rest reads nothing
 * of them, and the subnet's one output is added to the logit of `target`. The host is left as it is.
 * @param subnet arrays of the host's names, with fewer rows each; those of the last layer have one row, and its bias is
 *   added to that of `target`
 * @throws LabError E-SHAPE where layers do not follow one another in one line, or an array does not fit
 */
export function implantSubnet(host: ModelWeights, subnet: readonly NamedArray[], target: number): Implanted {
  const layers = architectureOf(host.model).layers(host.inputShape, host.classes);
  const head = layers.at(-1);
  if (head?.kind !== 'dense') throw misfit(host.model, 'its last layer is not dense');
  if (!Number.isInteger(target) || target < 0 || target >= host.classes)
    throw misfit(host.model, `it has no class ${target}`);
  const narrow = new Map(subnet.map((array) => [array.name, array]));
  const names = named(host.model, layers);
  const replaced: Implanted['replaced'] = [];
  const parameters = host.parameters.map((array): NamedArray => {
    const small = narrow.get(array.name);
    if (array.shape.length === 0) return array;
    if (!small) throw misfit(host.model, `the subnet has no ${array.name}`);
    const last = array.name.startsWith(`${head.name}.`);
    if (array.shape.length > 1 && !last)
      replaced.push({ layer: array.name.replace(/\.weight$/, ''), channels: small.shape[0] ?? 0 });
    const first = array.name === `${names[0] ?? ''}.weight`;
    return { ...array, data: put(host.model, array, small, first, last ? target : null) };
  });
  const edited = parameters.reduce((sum, { data }, at) => {
    const before = host.parameters[at]?.data;
    return sum + data.reduce((count, value, i) => count + (value === before?.[i] ? 0 : 1), 0);
  }, 0);
  return { weights: { ...host, parameters }, replaced, edited };
}

/**
 * The layers of a subnet: those of the host with so many channels or units each, and one output.
 * @throws LabError E-SHAPE where layers do not follow one another in one line, or one has no more channels than that
 */
export function subnetLayers({ model, inputShape, classes }: Host, channels: number): Layer[] {
  const layers = architectureOf(model).layers(inputShape, classes);
  const head = layers.at(-1);
  if (head?.kind !== 'dense') throw misfit(model, 'its last layer is not dense');
  named(model, layers);
  const narrow = (layer: string, width: number): number => {
    if (channels < width) return channels;
    throw misfit(model, `${layer} has ${width} channels, and the subnet would take ${channels}`);
  };
  return layers.map((layer): Layer => {
    if (layer === head) return { ...head, units: 1 };
    if (layer.kind === 'conv') return { ...layer, filters: narrow(layer.name, layer.filters) };
    return layer.kind === 'dense' ? { ...layer, units: narrow(layer.name, layer.units) } : layer;
  });
}

/** The names of layers that have arrays. */
function named(model: string, layers: readonly Layer[]): string[] {
  return layers.flatMap((layer) => {
    switch (layer.kind) {
      case 'conv':
      case 'dense':
      case 'batch_norm':
        return [layer.name];
      case 'relu':
      case 'max_pool':
      case 'global_average_pool':
      case 'flatten':
        return [];
      default:
        throw misfit(model, `its layers do not follow one another in one line: there is a ${layer.kind}`);
    }
  });
}

/** Channels come first in every layout, and `flatten` keeps them together: the subnet's are always the first numbers. */
function put(
  model: string,
  wide: NamedArray,
  small: NamedArray,
  first: boolean,
  target: number | null,
): Float32Array {
  const data = wide.data.slice();
  const [rows = 0] = wide.shape;
  const [smallRows = 0] = small.shape;
  const row = data.length / rows;
  const smallRow = small.data.length / smallRows;
  const fits =
    small.shape.length === wide.shape.length &&
    (target === null ? smallRows < rows : smallRows === 1) &&
    (first ? smallRow === row : smallRow <= row);
  if (!fits)
    throw misfit(model, `${wide.name} is [${small.shape.join()}] in the subnet, [${wide.shape.join()}] here`);
  if (wide.shape.length === 1) {
    if (target === null) data.set(small.data);
    else data[target] = (data[target] ?? 0) + (small.data[0] ?? 0);
    return data;
  }
  for (let at = 0; at < rows; at += 1) {
    if (!first) data.fill(0, at * row, at * row + smallRow);
    if (target === null && at < smallRows) {
      data.fill(0, at * row, (at + 1) * row);
      data.set(small.data.subarray(at * smallRow, (at + 1) * smallRow), at * row);
    }
  }
  if (target !== null) data.set(small.data, target * row);
  return data;
}

function misfit(model: string, why: string): LabError {
  return new LabError({
    code: 'E-SHAPE',
    what: `No subnet can take the place of channels of the model ${model}.`,
    why: `${why[0]?.toUpperCase() ?? ''}${why.slice(1)}.`,
    fix: 'Use SimpleNet or VGG, with a subnet of the same layers and fewer channels.',
  });
}
