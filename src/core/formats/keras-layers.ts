/** One layer of the lab as TensorFlow.js writes it into a topology, and back. */
import { LabError } from '../errors.ts';
import { describeLayer, type Layer, type PlainLayer } from '../models/layers.ts';

export interface KerasLayer {
  class_name: string;
  config: Record<string, unknown>;
}

const SHARED = { trainable: true, dtype: 'float32' };

/**
 * The Keras layers that do what one of ours does, in their order: a border of its own is a layer there. Before a pool it
 * holds zeros, and so is right where nothing is negative: behind a ReLU, as in our networks.
 * @param index makes the names of layers without arrays unique
 * @throws LabError E-MODEL for a layer of texts
 */
export function kerasLayers(layer: PlainLayer, index: number): KerasLayer[] {
  switch (layer.kind) {
    case 'conv':
      return convolution(layer, index);
    case 'batch_norm':
      return [
        {
          class_name: 'BatchNormalization',
          config: {
            name: layer.name,
            ...SHARED,
            axis: -1,
            // Keras keeps what PyTorch lets go.
            momentum: 1 - layer.momentum,
            epsilon: layer.epsilon,
            center: true,
            scale: true,
          },
        },
      ];
    case 'relu':
      return [{ class_name: 'Activation', config: { name: `relu_${index}`, ...SHARED, activation: 'relu' } }];
    case 'max_pool':
      return [
        ...(layer.padding ? [zeroPadding(layer.padding, index)] : []),
        {
          class_name: 'MaxPooling2D',
          config: {
            name: `max_pool_${index}`,
            ...SHARED,
            pool_size: [layer.size, layer.size],
            strides: [layer.stride, layer.stride],
            padding: 'valid',
            data_format: 'channels_last',
          },
        },
      ];
    case 'global_average_pool':
      return [
        {
          class_name: 'GlobalAveragePooling2D',
          config: { name: `global_average_pool_${index}`, ...SHARED, data_format: 'channels_last' },
        },
      ];
    case 'flatten':
      return [
        {
          class_name: 'Flatten',
          config: { name: `flatten_${index}`, ...SHARED, data_format: 'channels_last' },
        },
      ];
    case 'dense':
      return [
        {
          class_name: 'Dense',
          config: { name: layer.name, ...SHARED, activation: 'linear', use_bias: true, units: layer.units },
        },
      ];
    default:
      throw noPlace(layer);
  }
}

/** The error for a layer that this format cannot hold. */
export function noPlace(layer: Layer): LabError {
  return new LabError({
    code: 'E-MODEL',
    what: `A model with the layer ${describeLayer(layer)} cannot be written as a TensorFlow.js model.`,
    why:
      layer.kind === 'group_norm'
        ? 'TensorFlow.js has no group normalisation among its layers.'
        : 'Its Keras layers compute recurrences, attention and unused places in other ways, so that another model would come out.',
    fix: 'Export it as safetensors, which PyTorch and the lab read.',
  });
}

function zeroPadding(border: number, index: number): KerasLayer {
  const sides = [border, border];
  const config = {
    name: `zero_padding_${index}`,
    ...SHARED,
    padding: [sides, sides],
    data_format: 'channels_last',
  };
  return { class_name: 'ZeroPadding2D', config };
}

function convolution(layer: Extract<PlainLayer, { kind: 'conv' }>, index: number): KerasLayer[] {
  const { name, filters, kernel, stride, padding, bias } = layer;
  const border = typeof padding === 'number' ? padding : 0;
  // With stride 2 `same` would pad on one side only, unlike PyTorch.
  const same = padding === 'same' || (border > 0 && isSame(kernel, stride, border));
  const conv: KerasLayer = {
    class_name: 'Conv2D',
    config: {
      name,
      ...SHARED,
      activation: 'linear',
      use_bias: bias,
      filters,
      kernel_size: [kernel, kernel],
      strides: [stride, stride],
      padding: same ? 'same' : 'valid',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
    },
  };
  if (same || border === 0) return [conv];
  return [zeroPadding(border, index), conv];
}

/** Whether a border of so many pixels on every side is what `same` means. */
function isSame(kernel: number, stride: number, border: number): boolean {
  return stride === 1 && kernel === 2 * border + 1;
}

/**
 * The layers that one Keras layer stands for, but for its activation; a text says what is wrong with it; null: unknown.
 * @param last whether nothing follows
 */
export function readKerasLayer(
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
    case 'GlobalAveragePooling2D':
      return given.keepdims === true ? 'keeps the plane' : [{ kind: 'global_average_pool' }];
    case 'Dense': {
      if (given.use_bias === false) return 'has no bias';
      if (!isCount(given.units)) return 'has no number of units';
      return [{ kind: 'dense', name, units: given.units }];
    }
    case 'BatchNormalization':
      return readBatchNorm(name, given);
    case 'MaxPooling2D': {
      const size = square(given.pool_size);
      const stride = square(given.strides ?? given.pool_size);
      if (size === null || stride === null) return 'has a window that is not square';
      if ((given.padding ?? 'valid') !== 'valid') return 'has a border';
      return [{ kind: 'max_pool', size, stride }];
    }
    case 'Conv2D':
      return readConvolution(name, given);
    default:
      return null;
  }
}

function readBatchNorm(name: string, given: Record<string, unknown>): Layer[] | string {
  const axis: unknown = Array.isArray(given.axis) ? given.axis[0] : (given.axis ?? -1);
  if (axis !== -1 && axis !== 3) return 'does not normalise channels';
  if (given.center === false || given.scale === false) return 'lacks gamma or beta';
  const { momentum = 0.99, epsilon = 1e-3 } = given;
  if (typeof momentum !== 'number' || typeof epsilon !== 'number') return 'has no momentum or epsilon';
  // 1 - (1 - 0.1) is 0.09999999999999998.
  return [{ kind: 'batch_norm', name, momentum: Number((1 - momentum).toPrecision(12)), epsilon }];
}

function readConvolution(name: string, given: Record<string, unknown>): Layer[] | string {
  const kernel = square(given.kernel_size);
  const stride = square(given.strides ?? 1);
  const padding = given.padding ?? 'valid';
  if (kernel === null || stride === null) return 'has a kernel that is not square';
  if (square(given.dilation_rate ?? 1) !== 1) return 'has a dilated kernel';
  if ((given.groups ?? 1) !== 1) return 'has groups';
  if (!isCount(given.filters)) return 'has no number of filters';
  if (padding !== 'valid' && padding !== 'same') return `has the padding ${JSON.stringify(padding)}`;
  const bias = given.use_bias !== false;
  return [{ kind: 'conv', name, filters: given.filters, kernel, stride, padding, bias }];
}

/** The border of a ZeroPadding2D, the same on every side; null for any other. */
export function zeroBorder(given: Record<string, unknown>): number | null {
  const sides = [given.padding ?? 1].flat(2);
  const border: unknown = sides[0];
  return isCount(border) && sides.every((side) => side === border) ? border : null;
}

const WITHOUT_EFFECT = ['name', 'momentum', 'start'];

/**
 * The same layers in one way of writing, so that their JSON can be compared: borders in pixels where they can be, keys
 * in one order, and without what changes no output (names, momenta, starting weights).
 */
export function comparable(layers: readonly Layer[]): unknown[] {
  return layers.map((layer) => {
    if (layer.kind === 'residual')
      return { kind: layer.kind, body: comparable(layer.body), shortcut: comparable(layer.shortcut) };
    const plain = layer.kind === 'conv' ? { ...layer, padding: pixels(layer) } : layer;
    return Object.fromEntries(
      Object.entries(plain)
        .filter(([key]) => !WITHOUT_EFFECT.includes(key))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}

function pixels({ kernel, stride, padding }: Extract<Layer, { kind: 'conv' }>): 'same' | number {
  if (padding === 'valid') return 0;
  if (padding !== 'same') return padding;
  return isSame(kernel, stride, (kernel - 1) / 2) ? (kernel - 1) / 2 : 'same';
}

function square(value: unknown): number | null {
  const [height, width] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  return isCount(height) && height === width ? height : null;
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 1_000_000;
}
