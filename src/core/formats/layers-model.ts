/**
 * TensorFlow.js LayersModel files: `model.json` and its weights, in a zip or loose, which `tf.loadLayersModel` reads.
 * The model takes normalised images [n, height, width, channels], (pixel / 255 - mean) / deviation, and gives logits.
 */
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import type { ModelWeights, NamedArray } from '../experiment/weights.ts';
import { architectureOf, architectures } from '../models/architectures.ts';
import { checkedWeights } from '../models/checked-weights.ts';
import type { Layer } from '../models/layers.ts';
import { type ParameterLayout, parameterLayouts, fromTensorFlow, toTensorFlow } from '../models/layouts.ts';
import type { ImageDims } from '../models/shapes.ts';
import { concatBytes, viewOf } from './bytes.ts';
import { comparable } from './keras-layers.ts';
import { readTopology, topologyOf } from './keras-topology.ts';
import { readWeightsManifest } from './weights-manifest.ts';
import { isZip, readZip, writeZip } from './zip.ts';

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'group1-shard1of1.bin';

/** Metadata that goes along, such as mean and deviation of the data set; `userDefinedMetadata` in TensorFlow.js. */
export type ModelMetadata = Record<string, unknown>;

/** The two files of a LayersModel by name. Throws E-MODEL for a model of texts, which the format cannot hold. */
export function weightsToLayersModel(
  weights: ModelWeights,
  metadata: ModelMetadata = {},
): Map<string, Uint8Array> {
  const architecture = architectureOf(weights.model);
  const layers = architecture.layers(weights.inputShape, weights.classes);
  const arrays = new Map(weights.parameters.map((array) => [array.name, array.data]));
  const parts: Uint8Array[] = [];
  const layouts = parameterLayouts(layers, weights.inputShape);
  const names = kerasNames(layouts);
  const counts: Record<string, number> = {};
  const specs = layouts.flatMap((layout) => {
    const values = arrays.get(layout.name);
    if (values === undefined) throw new RangeError(`The weights lack ${layout.name}.`);
    if (layout.role === 'count') counts[layout.name] = values[0] ?? 0;
    const name = names.get(layout.name);
    if (name === undefined) return [];
    parts.push(littleEndian(toTensorFlow(layout, values)));
    return [{ name, shape: layout.tensorFlowShape, dtype: 'float32' }];
  });
  const model = {
    format: 'layers-model',
    generatedBy: 'Backdoor Lab',
    convertedBy: null,
    modelTopology: topologyOf(weights.model, layers, weights.inputShape),
    weightsManifest: [{ paths: [WEIGHTS_FILE], weights: specs }],
    userDefinedMetadata: {
      ...metadata,
      model: weights.model,
      input_shape: weights.inputShape,
      classes: weights.classes,
      // Keras has no place for them.
      ...(Object.keys(counts).length > 0 && { counts }),
    },
  };
  return new Map([
    [MODEL_FILE, new TextEncoder().encode(`${JSON.stringify(model, null, 1)}\n`)],
    [WEIGHTS_FILE, concatBytes(parts)],
  ]);
}

/** A zip with the two files. */
export function weightsToLayersModelZip(weights: ModelWeights, metadata: ModelMetadata = {}): Uint8Array {
  return writeZip(weightsToLayersModel(weights, metadata));
}

/**
 * A model from a LayersModel: the zip, or its files by name. Layers may have any names; they must be those of an architecture
 * that the lab knows. Throws E-MODEL (zip, JSON, missing weights, unknown layers) and E-SHAPE (which tensor, expected, found).
 */
export function weightsFromLayersModel(
  given: Uint8Array | ReadonlyMap<string, Uint8Array>,
  file = 'The model',
): ModelWeights {
  const files = given instanceof Uint8Array ? unzipped(given, file) : given;
  const path = [...files.keys()]
    .filter((name) => /(^|\/)model\.json$/.test(name) && !name.startsWith('__MACOSX/'))
    .sort((a, b) => a.length - b.length)[0];
  const bytes = path === undefined ? undefined : files.get(path);
  if (path === undefined || bytes === undefined) {
    throw modelError(
      file,
      `It has no ${MODEL_FILE}; it has ${[...files.keys()].slice(0, 5).join(', ') || 'no file'}`,
    );
  }
  const model = parseModel(bytes, file);
  const { layers, inputShape } = readTopology(model.modelTopology, file);
  const folder = path.slice(0, path.length - MODEL_FILE.length);
  const tensors = readWeightsManifest(model.weightsManifest, (name) => files.get(folder + name), file);

  const { model: id, classes, own } = matchArchitecture(layers, inputShape, file);
  const theirs = parameterLayouts(layers, inputShape);
  const names = kerasNames(theirs);
  const arrays = parameterLayouts(own, inputShape).map((layout, index): NamedArray => {
    const name = names.get(theirs[index]?.name ?? '');
    if (name === undefined) {
      const count = model.counts[layout.name];
      return { name: layout.name, shape: [], data: Float32Array.of(typeof count === 'number' ? count : 0) };
    }
    // Other writers put the model's name before the layer's.
    const found = tensors.find((tensor) => tensor.name === name || tensor.name.endsWith(`/${name}`));
    if (found === undefined) {
      throw modelError(
        file,
        `It lacks the weights "${name}"; it has ${tensors.map((one) => one.name).join(', ')}`,
      );
    }
    if (found.shape.join() !== layout.tensorFlowShape.join()) {
      throw new LabError({
        code: 'E-SHAPE',
        what: `${file}: "${name}" has the shape [${found.shape.join(', ')}] and should have [${layout.tensorFlowShape.join(', ')}].`,
        why: 'The weights do not belong to the layers in the same file.',
        fix: 'Save the model again.',
        where: `${file}, ${name}`,
      });
    }
    return { name: layout.name, shape: layout.shape, data: fromTensorFlow(layout, found.data) };
  });
  return checkedWeights(id, inputShape, classes, arrays, file);
}

/** Keras's names of the arrays of a layer, by PyTorch's. */
const KERAS_NAMES: Readonly<Record<string, string>> = { weight: 'kernel', bias: 'bias' };
const KERAS_BATCH_NORM_NAMES: Readonly<Record<string, string>> = {
  weight: 'gamma',
  bias: 'beta',
  running_mean: 'moving_mean',
  running_var: 'moving_variance',
};

/** The names in Keras, by PyTorch's: `conv1.weight` is `conv1/kernel`. What Keras does not keep has none. */
function kerasNames(layouts: readonly ParameterLayout[]): Map<string, string> {
  const split = (name: string): [string, string] => {
    const dot = name.lastIndexOf('.');
    return [name.slice(0, dot), name.slice(dot + 1)];
  };
  const statistics = layouts.filter(({ role }) => role === 'statistic');
  const normalizers = new Set(statistics.map(({ name }) => split(name)[0]));
  return new Map(
    layouts.flatMap(({ name }): [string, string][] => {
      const [layer, array] = split(name);
      const keras = (normalizers.has(layer) ? KERAS_BATCH_NORM_NAMES : KERAS_NAMES)[array];
      return keras === undefined ? [] : [[name, `${layer}/${keras}`]];
    }),
  );
}

function unzipped(bytes: Uint8Array, file: string): Map<string, Uint8Array> {
  if (isZip(bytes)) return readZip(bytes, { file });
  throw modelError(file, 'It is not a zip file');
}

interface ModelFile {
  modelTopology: unknown;
  weightsManifest: unknown;
  /** Batches that each batch-norm layer has seen, by PyTorch's name. */
  counts: Readonly<Record<string, unknown>>;
}

function parseModel(bytes: Uint8Array, file: string): ModelFile {
  let model: unknown;
  try {
    model = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw modelError(file, `Its ${MODEL_FILE} is not JSON`, cause);
  }
  if (
    typeof model !== 'object' ||
    model === null ||
    !('modelTopology' in model) ||
    !('weightsManifest' in model)
  ) {
    throw modelError(file, `Its ${MODEL_FILE} lacks modelTopology or weightsManifest`);
  }
  if ('format' in model && model.format !== 'layers-model') {
    throw modelError(
      file,
      `Its format is ${JSON.stringify(model.format)}; only layers-model can be trained on`,
    );
  }
  const metadata: unknown = 'userDefinedMetadata' in model ? model.userDefinedMetadata : null;
  const counts = (metadata as { counts?: unknown } | null)?.counts;
  return {
    modelTopology: model.modelTopology,
    weightsManifest: model.weightsManifest,
    counts: typeof counts === 'object' && counts !== null ? (counts as Record<string, unknown>) : {},
  };
}

const imageArchitectures = Object.values(architectures).filter(({ input }) => input === 'images');

/** The architecture whose layers are these, whatever their names, with its own layers. */
function matchArchitecture(
  layers: readonly Layer[],
  inputShape: ImageDims,
  file: string,
): { model: string; classes: number; own: Layer[] } {
  const last = layers.findLast((layer) => layer.kind === 'dense');
  const classes = last?.kind === 'dense' ? last.units : 0;
  const theirs = JSON.stringify(comparable(layers));
  for (const definition of imageArchitectures) {
    const own = definition.layers(inputShape, classes);
    if (JSON.stringify(comparable(own)) === theirs) return { model: definition.id, classes, own };
  }
  const titles = imageArchitectures.map(({ title }) => title);
  const kinds = layers.map(({ kind }) => kind).join(', ');
  throw modelError(file, `Its layers (${kinds}) are not those of ${titles.join(' or ')}`);
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(values.length * 4);
  const view = viewOf(bytes);
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return bytes;
}

function modelError(file: string, why: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'E-MODEL',
      what: `${file} is not a TensorFlow.js model that the lab can take.`,
      why: asSentence(why),
      fix: 'Give the zip that the lab exports, or model.json with its weight files.',
      where: file,
    },
    { cause },
  );
}
