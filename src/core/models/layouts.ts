/**
 * Where PyTorch and TensorFlow.js store the same parameter differently:
 * conv [out, in, kh, kw] and [kh, kw, in, out]; dense [out, in] and [in, out]; and the first dense layer after `flatten`, whose
 * inputs PyTorch counts by channel, row, column and TensorFlow.js by row, column, channel.
 */
import type { ImageDims, Layer } from './layers.ts';
import { sizeOf, walkLayers } from './layers.ts';
import { parameterSpecs, type ParameterSpec } from './parameter-specs.ts';

export interface ArrayLayout {
  name: string;
  /** PyTorch's shape. */
  shape: number[];
  /** PyTorch's shape with a flattened image spread out again: `fc1.weight` of SimpleNet is [500, 50, 4, 4]. */
  spread: number[];
  /** Shape in TensorFlow.js. */
  tensorFlowShape: number[];
}

export interface ParameterLayout extends ParameterSpec, ArrayLayout {
  shape: number[];
}

/** TensorFlow.js's order of PyTorch's axes, by their number. Convolutions and spread dense layers go alike. */
const AXES: Record<number, readonly number[]> = { 0: [], 1: [0], 2: [1, 0], 4: [2, 3, 1, 0] };
const AXES_BACK: Record<number, readonly number[]> = { 0: [], 1: [0], 2: [1, 0], 4: [3, 2, 0, 1] };

/** The layouts of a network's parameters, in the order of {@link parameterSpecs}. Throws E-SHAPE. */
export function parameterLayouts(layers: readonly Layer[], input: ImageDims): ParameterLayout[] {
  const flattened = new Map<string, ImageDims>();
  let image: ImageDims | null = null;
  walkLayers(layers, input, (layer, shape) => {
    if (layer.kind === 'flatten' && shape.length === 3) image = shape;
    if (layer.kind === 'dense') {
      if (image !== null) flattened.set(`${layer.name}.weight`, image);
      image = null;
    }
  });
  return parameterSpecs(layers, input).map((spec) => {
    const from = flattened.get(spec.name);
    const spread = from === undefined ? spec.shape : [spec.shape[0] ?? 0, from[2], from[0], from[1]];
    const moved = axes(AXES, spread).map((axis) => spread[axis] ?? 0);
    const tensorFlowShape = spec.shape.length === 2 ? [sizeOf(moved.slice(0, -1)), moved.at(-1) ?? 0] : moved;
    return { ...spec, spread, tensorFlowShape };
  });
}

/** A parameter's values in TensorFlow.js's layout from those in PyTorch's. */
export function toTensorFlow({ spread }: ArrayLayout, values: Float32Array): Float32Array {
  return permuted(values, spread, axes(AXES, spread));
}

/** A parameter's values in PyTorch's layout from those in TensorFlow.js's. */
export function fromTensorFlow({ spread }: ArrayLayout, values: Float32Array): Float32Array {
  const moved = axes(AXES, spread).map((axis) => spread[axis] ?? 0);
  return permuted(values, moved, axes(AXES_BACK, spread));
}

function axes(table: Record<number, readonly number[]>, shape: readonly number[]): readonly number[] {
  const found = table[shape.length];
  if (found === undefined) throw new RangeError(`No layout for ${shape.length} axes.`);
  return found;
}

/** Row-major values of `shape` with their axes in another order: axis i of the result is axis `order[i]` of the input. */
function permuted(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sides = order.map((axis) => shape[axis] ?? 0);
  const steps = order.map((axis) => strides[axis] ?? 0);
  const out = new Float32Array(values.length);
  const at = sides.map(() => 0);
  let from = 0;
  for (let to = 0; to < out.length; to++) {
    out[to] = values[from] ?? 0;
    // Count up like an odometer, the last axis first.
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      from += step;
      if ((at[axis] ?? 0) < (sides[axis] ?? 0)) break;
      from -= step * (sides[axis] ?? 0);
      at[axis] = 0;
    }
  }
  return out;
}
