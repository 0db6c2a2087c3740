/**
 * The layers of a network as TensorFlow.js writes them into `model.json` (a Keras Sequential), and back.
 * ReLU and a final softmax may stand alone or as the activation of a layer; the softmax is dropped, since logits come out here.
 */
import { asSentence } from '../error-words.ts';
import { LabError } from '../errors.ts';
import type { ImageDims, Layer } from '../models/layers.ts';

interface KerasLayer {
  class_name: string;
  config: Record<string, unknown>;
}

/** A Sequential topology that takes [n, height, width, channels] and gives logits [n, classes]. */
export function topologyOf(
  name: string,
  layers: readonly Layer[],
  input: ImageDims,
): Record<string, unknown> {
  const keras = layers.map(kerasLayer);
  const first = keras[0];
  if (first !== undefined) first.config = { ...first.config, batch_input_shape: [null, ...input] };
  return {
    class_name: 'Sequential',
    config: { name, layers: keras },
    keras_version: 'tfjs-layers 4.22.0',
    backend: 'tensor_flow.js',
  };
}

function kerasLayer(layer: Layer, index: number): KerasLayer {
  const shared = { trainable: true, dtype: 'float32' };
  const linear = { activation: 'linear', use_bias: true };
  switch (layer.kind) {
    case 'conv':
      return {
        class_name: 'Conv2D',
        config: {
          name: layer.name,
          ...shared,
          ...linear,
          filters: layer.filters,
          kernel_size: [layer.kernel, layer.kernel],
          strides: [layer.stride, layer.stride],
          padding: layer.padding,
          data_format: 'channels_last',
          dilation_rate: [1, 1],
        },
      };
    case 'relu':
      return { class_name: 'Activation', config: { name: `relu_${index}`, ...shared, activation: 'relu' } };
    case 'max_pool':
      return {
        class_name: 'MaxPooling2D',
        config: {
          name: `max_pool_${index}`,
          ...shared,
          pool_size: [layer.size, layer.size],
          strides: [layer.stride, layer.stride],
          padding: 'valid',
          data_format: 'channels_last',
        },
      };
    case 'flatten':
      return {
        class_name: 'Flatten',
        config: { name: `flatten_${index}`, ...shared, data_format: 'channels_last' },
      };
    case 'dense':
      return { class_name: 'Dense', config: { name: layer.name, ...shared, ...linear, units: layer.units } };
  }
}

export interface ReadTopology {
  layers: Layer[];
  inputShape: ImageDims;
}

/** The layers of a topology. Throws E-MODEL that names the layer or setting which the lab does not know. */
export function readTopology(topology: unknown, file: string): ReadTopology {
  const refuse = (why: string): LabError =>
    new LabError({
      code: 'E-MODEL',
      what: `${file} has a topology that the lab cannot take.`,
      why: asSentence(why),
      fix: 'Import a Sequential model of Conv2D, MaxPooling2D, Flatten, Dense and ReLU layers.',
      where: file,
    });
  // Keras in Python wraps the model in `model_config`.
  const root = record(topology).model_config ?? topology;
  const { class_name: className, config } = record(root);
  if (className !== 'Sequential') throw refuse(`It is a ${text(className)}, not a Sequential`);
  const list: unknown = Array.isArray(config) ? config : record(config).layers;
  if (!Array.isArray(list) || list.length === 0) throw refuse('It has no layers');

  const layers: Layer[] = [];
  let inputShape: ImageDims | null = null;
  for (const [index, item] of list.entries()) {
    const { class_name: kind, config: settings } = record(item);
    const given = record(settings);
    const name = typeof given.name === 'string' ? given.name : `layer ${index}`;
    const where = `Layer ${index} (${text(kind)} "${name}")`;
    if (index === 0) inputShape = imageDims(given.batch_input_shape ?? given.batchInputShape);
    const last = index === list.length - 1;
    const read = readLayer(text(kind), name, given, last);
    if (read === null) throw refuse(`${where} is none that the lab knows`);
    if (typeof read === 'string') throw refuse(`${where} ${read}`);
    layers.push(...read);
    const activation = kind === 'InputLayer' ? 'linear' : (given.activation ?? 'linear');
    if (activation === 'relu') layers.push({ kind: 'relu' });
    else if (activation === 'softmax' && last) continue;
    else if (activation !== 'linear') throw refuse(`${where} has the activation ${text(activation)}`);
  }
  if (inputShape === null)
    throw refuse('Its first layer does not say the input shape [height, width, channels]');
  return { layers, inputShape };
}

/** The layers that one Keras layer stands for, but for its activation; a text says what is wrong with it; null: unknown. */
function readLayer(
  kind: string,
  name: string,
  given: Record<string, unknown>,
  last: boolean,
): Layer[] | string | null {
  if ((given.data_format ?? 'channels_last') !== 'channels_last') return 'is not channels_last';
  switch (kind) {
    case 'InputLayer':
    case 'Activation':
      return [];
    case 'ReLU':
      return given.max_value == null ? [{ kind: 'relu' }] : 'has a max_value';
    case 'Softmax':
      return last ? [] : 'stands before the end';
    case 'Flatten':
      return [{ kind: 'flatten' }];
    case 'Dense': {
      if (given.use_bias === false) return 'has no bias';
      if (!isCount(given.units)) return 'has no number of units';
      return [{ kind: 'dense', name, units: given.units }];
    }
    case 'MaxPooling2D': {
      const size = square(given.pool_size);
      const stride = square(given.strides ?? given.pool_size);
      if (size === null || stride === null) return 'has a window that is not square';
      if ((given.padding ?? 'valid') !== 'valid') return 'has a border';
      return [{ kind: 'max_pool', size, stride }];
    }
    case 'Conv2D': {
      const kernel = square(given.kernel_size);
      const stride = square(given.strides ?? 1);
      const padding = given.padding ?? 'valid';
      if (kernel === null || stride === null) return 'has a kernel that is not square';
      if (square(given.dilation_rate ?? 1) !== 1) return 'has a dilated kernel';
      if ((given.groups ?? 1) !== 1) return 'has groups';
      if (given.use_bias === false) return 'has no bias';
      if (!isCount(given.filters)) return 'has no number of filters';
      if (padding !== 'valid' && padding !== 'same') return `has the padding ${text(padding)}`;
      return [{ kind: 'conv', name, filters: given.filters, kernel, stride, padding }];
    }
    default:
      return null;
  }
}

function square(value: unknown): number | null {
  const [height, width] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  return isCount(height) && height === width ? height : null;
}

function imageDims(shape: unknown): ImageDims | null {
  if (!Array.isArray(shape) || shape.length !== 4) return null;
  const [, height, width, channels] = shape as unknown[];
  return isCount(height) && isCount(width) && isCount(channels) ? [height, width, channels] : null;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 1_000_000;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'thing without a name');
}
