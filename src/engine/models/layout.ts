/**
 * The door between PyTorch's layouts (files, checkpoints: `ModelWeights`) and TensorFlow.js's (tensors):
 * conv [out, in, kh, kw] <-> [kh, kw, in, out]; dense [out, in] <-> [in, out], and for the dense layer that follows
 * `flatten` the input order C, H, W <-> H, W, C, so that no transpose is needed while training.
 */
import { LabError } from '../../core/errors.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import {
  activationShapes,
  type ImageDims,
  type Layer,
  type ParameterSpec,
  parameterSpecs,
  sizeOf,
} from '../../core/models/layers.ts';

export interface ParameterLayout {
  spec: ParameterSpec;
  /** Shape of the tensor in the engine. */
  engineShape: number[];
  /** `source[i]` is the PyTorch index of engine index i; null where both orders are the same. */
  source: Uint32Array | null;
}

/** How each parameter of a network is laid out, in the order of its layers. */
export function parameterLayouts(layers: readonly Layer[], input: ImageDims): ParameterLayout[] {
  const shapes = activationShapes(layers, input);
  const flattened = new Map<string, ImageDims>();
  layers.forEach((layer, index) => {
    const next = layers[index + 1];
    const before = shapes[index];
    if (layer.kind === 'flatten' && next?.kind === 'dense' && before?.length === 3)
      flattened.set(`${next.name}.weight`, before);
  });
  return parameterSpecs(layers, input).map((spec) => {
    const [a = 1, b = 1, c = 1, d = 1] = spec.shape;
    if (spec.shape.length === 4) {
      return { spec, engineShape: [c, d, b, a], source: convSource(a, b, c, d) };
    }
    if (spec.shape.length === 2) {
      return { spec, engineShape: [b, a], source: denseSource(a, b, flattened.get(spec.name) ?? [1, 1, b]) };
    }
    return { spec, engineShape: spec.shape, source: null };
  });
}

/** PyTorch's array in the engine's order. Throws E-SHAPE when the array is not of the layout's shape. */
export function toEngine(layout: ParameterLayout, array: NamedArray): Float32Array {
  const expected = layout.spec.shape;
  if (array.shape.join() !== expected.join() || array.data.length !== sizeOf(expected)) {
    throw new LabError({
      code: 'E-SHAPE',
      what: `The array ${array.name} is [${array.shape.join(', ')}]; the model needs [${expected.join(', ')}].`,
      why: 'The weights belong to another architecture, image size or number of classes.',
      fix: 'Load weights made for this model and data set, or choose the ones they were made for.',
      where: array.name,
    });
  }
  const { source } = layout;
  if (!source) return array.data.slice();
  return Float32Array.from(source, (index) => array.data[index] ?? 0);
}

/** The engine's array in PyTorch's order. */
export function fromEngine(layout: ParameterLayout, data: Float32Array): NamedArray {
  const { source, spec } = layout;
  if (!source) return { name: spec.name, shape: spec.shape, data: data.slice() };
  const array = new Float32Array(data.length);
  source.forEach((index, position) => (array[index] = data[position] ?? 0));
  return { name: spec.name, shape: spec.shape, data: array };
}

function convSource(out: number, input: number, height: number, width: number): Uint32Array {
  const source = new Uint32Array(out * input * height * width);
  let position = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < input; i++)
        for (let o = 0; o < out; o++) source[position++] = ((o * input + i) * height + y) * width + x;
  return source;
}

function denseSource(out: number, input: number, [height, width, channels]: ImageDims): Uint32Array {
  const source = new Uint32Array(out * input);
  let position = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < channels; c++)
        for (let o = 0; o < out; o++) source[position++] = o * input + (c * height + y) * width + x;
  return source;
}
