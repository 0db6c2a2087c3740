/**
 * A network on the current backend: its parameters as variables, and the forward pass from its list of layers.
 * Whoever creates a network disposes it; tensors that `forward` returns belong to the caller (use tf.tidy).
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import type { ModelWeights, NamedArray } from '../../core/experiment/weights.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import type { ImageDims, Layer } from '../../core/models/layers.ts';
import { type ParameterLayout, parameterLayouts } from '../../core/models/layouts.ts';
import { initializeParameters } from './initialize.ts';
import { fromEngine, toEngine } from './layout.ts';
import '../gradients/register.ts';
import { addBias } from './operations.ts';

export interface NetworkParameter {
  layout: ParameterLayout;
  variable: tf.Variable;
}

export class Network {
  readonly model: string;
  readonly inputShape: ImageDims;
  readonly classes: number;
  readonly parameters: readonly NetworkParameter[];
  private readonly layers: readonly Layer[];
  private readonly byName: ReadonlyMap<string, tf.Variable>;

  /** @throws LabError E-MODEL for missing or unknown arrays, E-SHAPE for arrays of another shape. */
  constructor(weights: ModelWeights) {
    this.model = weights.model;
    this.inputShape = weights.inputShape;
    this.classes = weights.classes;
    this.layers = architectureOf(weights.model).layers(weights.inputShape, weights.classes);
    const layouts = parameterLayouts(this.layers, weights.inputShape);
    const arrays = matchArrays(layouts, weights.parameters);
    this.parameters = layouts.map((layout, index) => ({
      layout,
      variable: tf.tidy(() =>
        tf.variable(tf.tensor(arrays[index] ?? new Float32Array(), layout.tensorFlowShape)),
      ),
    }));
    this.byName = new Map(this.parameters.map(({ layout, variable }) => [layout.name, variable]));
  }

  /** A network with PyTorch's default initial weights, drawn from the seed. */
  static create(model: string, inputShape: ImageDims, classes: number, seed: number): Network {
    return new Network(initialWeights(model, inputShape, classes, seed));
  }

  get variables(): tf.Variable[] {
    return this.parameters.map(({ variable }) => variable);
  }

  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /**
   * Logits [n, classes] for normalised images [n, height, width, channels]. Differentiable in the parameters and the
   * input.
   */
  forward(images: tf.Tensor4D): tf.Tensor2D {
    let current: tf.Tensor = images;
    for (const layer of this.layers) current = this.applyLayer(layer, current);
    return current as tf.Tensor2D;
  }

  /** The weights in PyTorch's names and layouts. */
  async weights(): Promise<ModelWeights> {
    const parameters: NamedArray[] = [];
    for (const { layout, variable } of this.parameters) {
      parameters.push(fromEngine(layout, (await variable.data()) as Float32Array));
    }
    const [height, width, channels] = this.inputShape;
    return { model: this.model, inputShape: [height, width, channels], classes: this.classes, parameters };
  }

  dispose(): void {
    for (const { variable } of this.parameters) variable.dispose();
  }

  private applyLayer(layer: Layer, input: tf.Tensor): tf.Tensor {
    switch (layer.kind) {
      case 'conv': {
        const filter = this.parameter(`${layer.name}.weight`) as tf.Variable<tf.Rank.R4>;
        const output = tf.conv2d(input as tf.Tensor4D, filter, layer.stride, layer.padding);
        return addBias(output, this.parameter(`${layer.name}.bias`));
      }
      case 'relu':
        return tf.relu(input);
      case 'max_pool':
        return tf.maxPool(input as tf.Tensor4D, layer.size, layer.stride, 'valid');
      case 'flatten':
        return tf.reshape(input, [input.shape[0] ?? 0, -1]);
      case 'dense': {
        const weight = this.parameter(`${layer.name}.weight`) as tf.Variable<tf.Rank.R2>;
        return addBias(tf.matMul(input, weight), this.parameter(`${layer.name}.bias`));
      }
    }
  }

  private parameter(name: string): tf.Variable {
    const variable = this.byName.get(name);
    if (!variable) throw new Error(`the layer list names no parameter ${name}`);
    return variable;
  }
}

/** Initial weights without a backend. */
export function initialWeights(
  model: string,
  inputShape: ImageDims,
  classes: number,
  seed: number,
): ModelWeights {
  const layouts = parameterLayouts(architectureOf(model).layers(inputShape, classes), inputShape);
  const [height, width, channels] = inputShape;
  return {
    model,
    inputShape: [height, width, channels],
    classes,
    parameters: initializeParameters(layouts, seed),
  };
}

function matchArrays(layouts: readonly ParameterLayout[], arrays: readonly NamedArray[]): Float32Array[] {
  const given = new Map(arrays.map((array) => [array.name, array]));
  const missing = layouts.filter(({ name }) => !given.has(name)).map(({ name }) => name);
  const known = new Set(layouts.map(({ name }) => name));
  const unknown = arrays.filter(({ name }) => !known.has(name)).map(({ name }) => name);
  if (missing.length > 0 || unknown.length > 0) {
    throw new LabError({
      code: 'E-MODEL',
      what: 'The weights are not those of this model.',
      why: [
        missing.length > 0 ? `Missing: ${missing.join(', ')}.` : '',
        unknown.length > 0 ? `Unknown: ${unknown.slice(0, 8).join(', ')}.` : '',
      ].join(' '),
      fix: 'Load weights of the chosen architecture, or choose the architecture they belong to.',
    });
  }
  return layouts.map((layout) =>
    toEngine(layout, given.get(layout.name) ?? { name: '', shape: [], data: new Float32Array() }),
  );
}
