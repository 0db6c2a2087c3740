/**
 * Where PyTorch and TensorFlow.js store the same parameter differently:
 * conv [out, in, kh, kw] and [kh, kw, in, out]; conv over words [out, in, width] and [width, in, out]; dense [out, in] and
 * [in, out]; and the first dense layer after `flatten`, whose inputs PyTorch counts by channel, row, column and
 * TensorFlow.js by row, column, channel. Tables of rows lie alike in both.
 */
import { type Layer, sizeOf, walkLayers } from './layers.ts';
import { parameterSpecs, type ParameterSpec } from './parameter-specs.ts';
import type { ImageDims, InputShape } from './shapes.ts';

export interface ArrayLayout {
  name: string;
  /** PyTorch's shape. */
  shape: number[];
  /** PyTorch's shape with a flattened image spread out again: `fc1.weight` of SimpleNet is [500, 50, 4, 4]. */
  spread: number[];
  /** Shape in TensorFlow.js. */
  tensorFlowShape: number[];
  /** The same in both. */
  table?: true;
}

export interface ParameterLayout extends ParameterSpec, ArrayLayout {
  shape: number[];
}

/** TensorFlow.js's order of PyTorch's axes, by their number. Convolutions and spread dense layers go alike. */
const AXES: Record<number, readonly number[]> = { 0: [], 1: [0], 2: [1, 0], 3: [2, 1, 0], 4: [2, 3, 1, 0] };
const AXES_BACK: Record<number, readonly number[]> = {
  0: [],
  1: [0],
  2: [1, 0],
  3: [2, 1, 0],
  4: [3, 2, 0, 1],
};

/** The layouts of a network's parameters, in the order of {@link parameterSpecs}. Throws E-SHAPE. */
export function parameterLayouts(layers: readonly Layer[], input: InputShape): ParameterLayout[] {
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
    if (spec.table) return { ...spec, spread: spec.shape, tensorFlowShape: spec.shape };
    const from = flattened.get(spec.name);
    const spread = from === undefined ? spec.shape : [spec.shape[0] ?? 0, from[2], from[0], from[1]];
    const moved = axes(AXES, spread).map((axis) => spread[axis] ?? 0);
    const tensorFlowShape = spec.shape.length === 2 ? [sizeOf(moved.slice(0, -1)), moved.at(-1) ?? 0] : moved;
    return { ...spec, spread, tensorFlowShape };
  });
}

/** A parameter's values in TensorFlow.js's layout from those in PyTorch's. */
export function toTensorFlow({ spread, table }: ArrayLayout, values: Float32Array): Float32Array {
  if (table) return values.slice();
  return permuted(values, spread, axes(AXES, spread));
}

/** A parameter's values in PyTorch's layout from those in TensorFlow.js's. */
export function fromTensorFlow({ spread, table }: ArrayLayout, values: Float32Array): Float32Array {
  if (table) return values.slice();
  const moved = axes(AXES, spread).map((axis) => spread[axis] ?? 0);
  return permuted(values, moved, axes(AXES_BACK, spread));
}

function axes(table: Record<number, readonly number[]>, shape: readonly number[]): readonly number[] {
  const found = table[shape.length];
  if (found === undefined) throw new RangeError(`No layout for ${shape.length} axes.`);
  return found;
}

/** Fewer values than this on the last axis are copied the other way round, in longer runs. */
const SHORT_RUN = 8;

/** Row-major values of `shape` with their axes in another order: axis i of the result is axis `order[i]` of the input. */
function permuted(values: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const sides = order.map((axis) => shape[axis] ?? 0);
  const out = new Float32Array(values.length);
  if ((sides.at(-1) ?? 1) >= SHORT_RUN) {
    const strides = rowMajor(shape);
    const steps = order.map((axis) => strides[axis] ?? 0);
    forEachRun(sides, steps, (to, from, run, step) => {
      for (let index = 0; index < run; index++) out[to + index] = values[from + index * step] ?? 0;
    });
  } else {
    const strides = rowMajor(sides);
    const steps = shape.map((_, axis) => strides[order.indexOf(axis)] ?? 0);
    forEachRun(shape, steps, (from, to, run, step) => {
      for (let index = 0; index < run; index++) out[to + index * step] = values[from + index] ?? 0;
    });
  }
  return out;
}

/** How far apart neighbours along each axis lie. */
function rowMajor(shape: readonly number[]): number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/**
 * Visits the runs along the last axis of an array of `sides`: where each begins in row-major order, where by `steps`, how
 * long it is, and its step.
 */
function forEachRun(
  sides: readonly number[],
  steps: readonly number[],
  visit: (plain: number, stepped: number, run: number, step: number) => void,
): void {
  const run = sides.at(-1) ?? 1;
  const size = sizeOf(sides);
  const at = sides.map(() => 0);
  let stepped = 0;
  for (let plain = 0; plain < size; plain += run) {
    visit(plain, stepped, run, steps.at(-1) ?? 0);
    // Count up like an odometer, the last axis but one first.
    for (let axis = sides.length - 2; axis >= 0; axis--) {
      const step = steps[axis] ?? 0;
      at[axis] = (at[axis] ?? 0) + 1;
      stepped += step;
      if ((at[axis] ?? 0) < (sides[axis] ?? 0)) break;
      stepped -= step * (sides[axis] ?? 0);
      at[axis] = 0;
    }
  }
}
