/** Units that can be taken out of a model one by one: the channels of its convolutions. */
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import { architectureOf } from './architectures.ts';
import type { Layer } from './layers.ts';

/** The channels of one convolution, with the normalisation that follows it at once. */
export interface UnitGroup {
  /** Name of the convolution. */
  layer: string;
  /** Name of the batch or group normalisation behind it; null where there is none. */
  norm: string | null;
  /** Whether that one takes its figures over several channels at once: then each depends on the others. */
  shared: boolean;
  /** Epsilon of that normalisation. */
  epsilon: number;
  channels: number;
  /** Number of its first channel, counted through all groups: unit `first + channel`. */
  first: number;
  /**
   * The layer of the list that gives the channels' activation: the last of those that are computed in one pass from the
   * convolution on (its normalisation, rectifier and pool). `ForwardPass.replace` sees its output.
   */
  output: Layer;
}

/** Every convolution of images of a model, in the order in which PyTorch lists them. Empty for models without any. */
export function unitGroups(weights: Pick<ModelWeights, 'model' | 'inputShape' | 'classes'>): UnitGroup[] {
  if (weights.inputShape.length !== 3) return [];
  return unitGroupsOf(architectureOf(weights.model).layers(weights.inputShape, weights.classes));
}

/** The same for a list of layers; `output` is of that list. */
export function unitGroupsOf(layers: readonly Layer[]): UnitGroup[] {
  const groups: UnitGroup[] = [];
  const walk = (list: readonly Layer[]): void => {
    list.forEach((layer, at) => {
      if (layer.kind === 'residual') {
        walk(layer.body);
        walk(layer.shortcut);
      } else if (layer.kind === 'parallel') layer.branches.forEach(walk);
      else if (layer.kind === 'conv') {
        const next = list[at + 1];
        const norm = next?.kind === 'batch_norm' || next?.kind === 'group_norm' ? next : null;
        const last = groups.at(-1);
        groups.push({
          layer: layer.name,
          norm: norm?.name ?? null,
          shared: norm?.kind === 'group_norm',
          epsilon: norm?.epsilon ?? 0,
          channels: layer.filters,
          first: last ? last.first + last.channels : 0,
          output: norm ?? passEnd(list, at),
        });
      }
    });
  };
  walk(layers);
  return groups;
}

/** What is computed in one pass with the layer at a place: its rectifier and the pool behind that, where it has a bias. */
function passEnd(list: readonly Layer[], at: number): Layer {
  const [layer, next, after] = list.slice(at, at + 3);
  if (!layer) throw new RangeError('no such layer');
  const rectified = layer.kind === 'conv' && layer.bias && next?.kind === 'relu';
  if (!rectified) return layer;
  return after?.kind === 'max_pool' ? after : next;
}

/** A unit as people name it: `conv2 channel 7`. */
export function unitName(groups: readonly UnitGroup[], unit: number): string {
  const group = groupOf(groups, unit);
  return `${group.layer} channel ${unit - group.first}`;
}

function groupOf(groups: readonly UnitGroup[], unit: number): UnitGroup {
  const group = groups.findLast(({ first }) => first <= unit);
  if (!group || unit >= group.first + group.channels) throw new RangeError(`there is no unit ${unit}`);
  return group;
}

/**
 * The model with some units silent, as new arrays: filter and bias 0, and scale and shift 0 where a normalisation follows.
 * Under a group normalisation the filter stays: without it the other channels of its group would be scaled otherwise.
 * @param units their numbers through all groups
 */
export function withoutUnits(weights: ModelWeights, units: Iterable<number>): ModelWeights {
  const groups = unitGroups(weights);
  const silent = new Map<string, Set<number>>();
  for (const unit of units) {
    const { layer, norm, shared, first } = groupOf(groups, unit);
    for (const name of [...(shared ? [] : [layer]), ...(norm === null ? [] : [norm])]) {
      silent.set(name, (silent.get(name) ?? new Set()).add(unit - first));
    }
  }
  const parameters = weights.parameters.map((array): NamedArray => {
    const at = array.name.lastIndexOf('.');
    const channels = silent.get(array.name.slice(0, at));
    if (!channels || !['weight', 'bias'].includes(array.name.slice(at + 1))) return array;
    const data = array.data.slice();
    const size = data.length / (array.shape[0] ?? 1);
    for (const channel of channels) data.fill(0, channel * size, (channel + 1) * size);
    return { ...array, data };
  });
  return { ...weights, parameters };
}

/** The array of that name. */
export function arrayOf({ parameters }: ModelWeights, name: string): NamedArray {
  const found = parameters.find((array) => array.name === name);
  if (!found) throw new RangeError(`the model has no array ${name}`);
  return found;
}
