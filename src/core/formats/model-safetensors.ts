import { LabError } from '../errors.ts';
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import { architectureOf, architectures } from '../models/architectures.ts';
import { checkedWeights } from '../models/checked-weights.ts';
import { initializeParameters } from '../models/initialize.ts';
import type { ArchitectureDefinition, ModelDims } from '../models/layers.ts';
import { parameterSpecs } from '../models/parameter-specs.ts';
import type { InputShape } from '../models/shapes.ts';
import type { WriteOptions } from './safetensors-writer.ts';
import { writeSafetensors } from './safetensors-writer.ts';
import { countOf, floatsOf, readSafetensors } from './safetensors.ts';
import { triggerFromText, triggerToText } from './trigger-metadata.ts';

/**
 * A model as safetensors with PyTorch's names and layouts, so that `load_state_dict(load_file(path))` takes it.
 * `metadata` (texts) joins the architecture, input shape and number of classes.
 */
export function weightsToSafetensors(
  weights: ModelWeights,
  metadata: Record<string, string> = {},
  dtype: WriteOptions['dtype'] = 'F32',
): Uint8Array<ArrayBuffer> {
  const names = weights.parameters.map(({ name }) => name);
  return writeSafetensors(weights.parameters, {
    dtype,
    integers: new Set(names.filter(isCount)),
    metadata: {
      ...metadata,
      format: 'pt',
      model: weights.model,
      input_shape: JSON.stringify(weights.inputShape),
      classes: String(weights.classes),
      ...(weights.trigger && { trigger: triggerToText(weights.trigger) }),
    },
  });
}

export interface ImportOptions {
  /** Name for errors. */
  file?: string;
  /** What the model must be for, such as the data set in use; otherwise the file tells. */
  expected?: ModelDims;
  /**
   * Seed for a last dense layer that is drawn anew where the file's has another number of classes than expected: what
   * transfer learning does. Without it such a file is refused.
   */
  newHead?: number;
}

/**
 * A model from safetensors. The architecture and its sizes come from the file's metadata, or else from the names and shapes.
 * Throws E-MODEL (not a safetensors file, no architecture that the lab knows, a damaged trigger), E-SHAPE (which tensor, expected, found).
 */
export function weightsFromSafetensors(bytes: Uint8Array, options: ImportOptions = {}): ModelWeights {
  const { file = 'The file', expected } = options;
  const { metadata, tensors } = readSafetensors(bytes, file);
  const arrays = tensors.map((tensor) => ({ ...tensor, name: plainName(tensor.name, tensors) }));
  const names = new Set(arrays.map(({ name }) => name));
  const model = metadata.model ?? bestMatch(names);
  if (model === null) throw unknownModel(file, [...names]);
  const architecture = architectureOf(model);
  const shapes = new Map(arrays.map(({ name, shape }) => [name, shape]));
  const dims = expected ?? dimsFromMetadata(metadata) ?? architecture.infer(shapes);
  if (dims === null) throw unknownDims(file, architecture, arrays);
  const named = arrays.map((tensor): NamedArray => {
    const data = isCount(tensor.name) ? Float32Array.of(countOf(tensor)) : floatsOf(tensor);
    return { name: tensor.name, shape: tensor.shape, data };
  });
  const given = options.newHead === undefined ? named : withHead(named, architecture, dims, options.newHead);
  const weights = checkedWeights(model, dims.inputShape, dims.classes, given, file);
  const trigger = triggerFromText(metadata['trigger'], file);
  return trigger ? { ...weights, trigger } : weights;
}

/** The arrays with those of the last dense layer drawn anew, if they are for another number of classes. */
function withHead(
  arrays: readonly NamedArray[],
  architecture: ArchitectureDefinition,
  { inputShape, classes }: ModelDims,
  seed: number,
): readonly NamedArray[] {
  const layers = architecture.layers(inputShape, classes);
  const head = layers.at(-1);
  if (head?.kind !== 'dense') return arrays;
  const weight = arrays.find(({ name }) => name === `${head.name}.weight`);
  if (weight === undefined || weight.shape[0] === classes) return arrays;
  const specs = parameterSpecs(layers, inputShape).filter(({ name }) => name.startsWith(`${head.name}.`));
  const own = new Set(specs.map(({ name }) => name));
  return [...arrays.filter(({ name }) => !own.has(name)), ...initializeParameters(specs, seed)];
}

/** Batch-norm's count of batches, an int64 in PyTorch. */
function isCount(name: string): boolean {
  return name.endsWith('.num_batches_tracked');
}

/** PyTorch's DataParallel puts `module.` before every name. */
function plainName(name: string, all: readonly { name: string }[]): string {
  const prefix = 'module.';
  return all.every((one) => one.name.startsWith(prefix)) ? name.slice(prefix.length) : name;
}

/**
 * The architecture whose names are most like the file's (shared ones over all), with at least half of its own among
 * them; null when there is none. A small ResNet's names are all in a larger one.
 */
function bestMatch(names: ReadonlySet<string>): string | null {
  const shapes: Record<ArchitectureDefinition['input'], InputShape> = {
    images: [64, 64, 3],
    text: [64, 100],
  };
  const scores = Object.values(architectures).map((definition) => {
    const shape = shapes[definition.input];
    const own = parameterSpecs(definition.layers(shape, 10), shape).map(({ name }) => name);
    const shared = own.filter((name) => names.has(name)).length;
    const likeness = shared / (own.length + names.size - shared);
    return { id: definition.id, share: shared / own.length, likeness };
  });
  const best = scores.filter(({ share }) => share >= 0.5).sort((a, b) => b.likeness - a.likeness)[0];
  return best?.id ?? null;
}

function dimsFromMetadata({ input_shape: shape, classes }: Record<string, string>): ModelDims | null {
  if (shape === undefined || classes === undefined) return null;
  const numbers = /^\[(\d{1,5}), ?(\d{1,7})(?:, ?(\d{1,5}))?\]$/.exec(shape)?.slice(1);
  const count = Number(classes);
  const [first = 0, second = 0, third] = (numbers ?? []).flatMap((text) => text ?? []).map(Number);
  if (first < 1 || second < 1 || third === 0 || !Number.isInteger(count) || count < 1) return null;
  return { inputShape: third === undefined ? [first, second] : [first, second, third], classes: count };
}

function unknownModel(file: string, names: string[]): LabError {
  const titles = Object.values(architectures).map(({ title }) => title);
  return new LabError({
    code: 'E-MODEL',
    what: `${file} is not a model that the lab knows.`,
    why: `Its tensors are ${names.slice(0, 8).join(', ') || 'none'}${names.length > 8 ? ', ...' : ''}.`,
    fix: `Give the weights of ${titles.join(' or ')}, with PyTorch’s names.`,
    where: file,
  });
}

function unknownDims(
  file: string,
  { title, input }: ArchitectureDefinition,
  arrays: readonly { name: string; shape: number[] }[],
): LabError {
  const shapes = arrays.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ');
  return new LabError({
    code: 'E-SHAPE',
    what: `${file} does not say for which ${input === 'text' ? 'texts' : 'images'} it is, and its shapes do not tell.`,
    why: `No ${input === 'text' ? 'vocabulary' : 'square image'} gives ${title} with ${shapes}.`,
    fix: 'Choose the data set that it was trained on first, then import it.',
    where: file,
  });
}
