/**
 * A network on the current backend: its arrays as variables, and the forward pass from its list of layers.
 * Whoever creates a network disposes it; tensors that `forward` returns belong to the caller (use tf.tidy).
 */
import * as tf from '@tensorflow/tfjs-core';
import { LabError } from '../../core/errors.ts';
import type { ModelWeights, NamedArray } from '../../core/experiment/weights.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { initializeParameters } from '../../core/models/initialize.ts';
import { type Layer, type PlainLayer, walkLayers } from '../../core/models/layers.ts';
import { type ArrayLayout, type ParameterLayout, parameterLayouts } from '../../core/models/layouts.ts';
import { exampleShape, type InputShape } from '../../core/models/shapes.ts';
import { presence } from './embedding.ts';
import { applyLayers, type ForwardPass } from './forward.ts';
import { frozenLayers } from './frozen-layers.ts';
import { applyLayersJointly } from './joint-forward.ts';
import { fromEngine, toEngine } from './layout.ts';
import { moveStatistics } from './running-statistics.ts';
import type { ShardExchange } from './shard-exchange.ts';
import '../gradients/register.ts';

export interface NetworkParameter {
  layout: ArrayLayout;
  variable: tf.Variable;
}

export class Network {
  readonly model: string;
  readonly inputShape: InputShape;
  readonly classes: number;
  /** Prefixes of the names of layers that are not learnt. */
  readonly frozen: readonly string[];
  /** What gradients and the optimizer change. */
  readonly parameters: readonly NetworkParameter[];
  /** Running mean and variance of each batch-norm layer that is learnt, in the order of the layers. */
  readonly statistics: readonly NetworkParameter[];
  readonly layers: readonly Layer[];
  /** Share of the newest batch in each of the statistics. */
  private readonly momenta: readonly number[];
  private readonly layouts: readonly ParameterLayout[];
  private readonly byName: ReadonlyMap<string, tf.Variable>;
  /** Batches that each batch-norm layer has seen; nothing is computed from them. */
  private readonly counts: Map<string, number>;
  private readonly isFrozen: (name: string) => boolean;

  /**
   * @param frozen layers that stay as they are, by their name or what it begins with up to a dot: `layer1` is every layer
   * of the first stage. They have no gradient, and their batch-norm keeps to its running statistics, in training too.
   * @throws LabError E-MODEL for missing or unknown arrays or no layer of a name, E-SHAPE for arrays of another shape.
   */
  constructor(weights: ModelWeights, frozen: readonly string[] = []) {
    this.model = weights.model;
    this.inputShape = weights.inputShape;
    this.classes = weights.classes;
    this.layers = architectureOf(weights.model).layers(weights.inputShape, weights.classes);
    this.layouts = parameterLayouts(this.layers, weights.inputShape);
    const arrays = matchArrays(this.layouts, weights.parameters);
    this.frozen = frozen;
    this.isFrozen = frozenLayers(this.layouts, frozen);
    this.counts = new Map();
    const variables: { layout: ParameterLayout; variable: tf.Variable }[] = [];
    for (const [index, layout] of this.layouts.entries()) {
      const values = arrays[index] ?? new Float32Array();
      if (layout.role === 'count') this.counts.set(layout.name, values[0] ?? 0);
      else variables.push({ layout, variable: variableOf(layout, values) });
    }
    const learnt = variables.filter(({ layout }) => !this.isFrozen(layout.name));
    this.parameters = learnt.filter(({ layout }) => layout.role === 'parameter');
    this.statistics = learnt.filter(({ layout }) => layout.role === 'statistic');
    this.byName = new Map(variables.map(({ layout, variable }) => [layout.name, variable]));
    this.momenta = momentaOf(this.layers, weights.inputShape, this.isFrozen);
  }

  /** A network with PyTorch's default initial weights, drawn from the seed. */
  static create(model: string, inputShape: InputShape, classes: number, seed: number): Network {
    return new Network(initialWeights(model, inputShape, classes, seed));
  }

  /** What is learnt. */
  get variables(): tf.Variable[] {
    return this.parameters.map(({ variable }) => variable);
  }

  /** What is learnt, then the running statistics: all that changes, and another thread needs to compute as this one does. */
  get values(): tf.Variable[] {
    return [...this.parameters, ...this.statistics].map(({ variable }) => variable);
  }

  /** How many numbers are learnt. */
  get parameterCount(): number {
    return this.parameters.reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /** A batch as the tensor that `forward` takes, from `count` examples one after another. */
  batchOf(examples: Float32Array, count: number): tf.Tensor {
    return tf.tensor(examples, [count, ...exampleShape(this.inputShape)]);
  }

  /**
   * Logits [n, classes] for normalised images [n, height, width, channels] or the word numbers of texts [n, length], as
   * in evaluation: each example by itself. Differentiable in the parameters, and in images.
   */
  forward(inputs: tf.Tensor): tf.Tensor2D {
    return applyLayers(this.layers, inputs, this.pass(inputs, null)) as tf.Tensor2D;
  }

  /**
   * The same with other values in the place of some arrays, by their names: a scale that is moved, a filter times a mask.
   * Differentiable in them. `replace` sees activations on the way (`ForwardPass.replace`).
   */
  forwardWith(
    inputs: tf.Tensor,
    instead: ReadonlyMap<string, tf.Tensor>,
    replace?: NonNullable<ForwardPass['replace']>,
  ): tf.Tensor2D {
    const pass = this.pass(inputs, null);
    const array = (name: string): tf.Tensor => instead.get(name) ?? this.array(name);
    return applyLayers(this.layers, inputs, { ...pass, array, ...(replace && { replace }) }) as tf.Tensor2D;
  }

  /** The values of one array, in TensorFlow.js's layout: filters [kh, kw, in, out], dense [in, out]. */
  arrayNamed(name: string): tf.Variable {
    return this.array(name);
  }

  /**
   * Layers `from` to `to` alone, the last not among them, as in evaluation: what `forward` computes on the way.
   * Differentiable in the parameters and in `activations`, which are what enters layer `from`.
   */
  forwardPart(activations: tf.Tensor, from: number, to: number): tf.Tensor {
    const present = from === 0 && this.inputShape.length === 2 ? presence(activations) : null;
    const pass: ForwardPass = { array: (name) => this.array(name), present, batchStatistics: null };
    return applyLayers(this.layers.slice(from, to), activations, pass);
  }

  /**
   * The same as in training: batch-norm by the statistics of this batch, which come along shaped as `statistics`, for
   * `track`. They outlive every tidy scope: the caller disposes them.
   * @throws LabError E-SHAPE for a batch with one value for each channel
   */
  forwardTraining(inputs: tf.Tensor): { logits: tf.Tensor2D; statistics: tf.Tensor[] } {
    const statistics: tf.Tensor[] = [];
    const pass = this.pass(inputs, (mean, variance) => void statistics.push(mean, variance));
    return { logits: applyLayers(this.layers, inputs, pass) as tf.Tensor2D, statistics };
  }

  /**
   * `forwardTraining` of one batch that is cut into shards, of which `inputs` are those of this thread: batch-norm by the
   * statistics of all of it. On the wasm backend.
   * @param arrays by name, for each shard the tensors that stand in the place of what is learnt
   */
  forwardTrainingJointly(
    inputs: readonly tf.Tensor[],
    arrays: readonly ReadonlyMap<string, tf.Tensor | undefined>[],
    exchange: ShardExchange,
  ): { logits: tf.Tensor2D[]; statistics: tf.Tensor[] } {
    const statistics: tf.Tensor[] = [];
    const passes = inputs.map((input, shard): ForwardPass => {
      const array = (name: string): tf.Tensor => arrays[shard]?.get(name) ?? this.array(name);
      return { ...this.pass(input, null), array };
    });
    const logits = applyLayersJointly(this.layers, inputs, {
      passes,
      frozen: this.isFrozen,
      exchange,
      take: (mean, variance) => void statistics.push(mean, variance),
    });
    return { logits: logits as tf.Tensor2D[], statistics };
  }

  /**
   * Takes one batch into the running statistics, as PyTorch does at each forward pass in training:
   * running = (1 - momentum) running + momentum batch. The tensors stay the caller's.
   */
  track(statistics: readonly tf.Tensor[]): void {
    const running = this.statistics.map(({ variable }) => variable);
    moveStatistics(running, statistics, this.momenta);
    for (const [name, count] of this.counts) if (!this.isFrozen(name)) this.counts.set(name, count + 1);
  }

  /** Everything that the network holds, in PyTorch's names, layouts and order. */
  async weights(): Promise<ModelWeights> {
    const parameters: NamedArray[] = [];
    for (const layout of this.layouts) {
      const count = this.counts.get(layout.name);
      const data =
        count === undefined
          ? ((await this.array(layout.name).data()) as Float32Array)
          : Float32Array.of(count);
      parameters.push(fromEngine(layout, data));
    }
    return { model: this.model, inputShape: this.inputShape, classes: this.classes, parameters };
  }

  /** Takes other values for all that it holds. Throws LabError E-MODEL, E-SHAPE as the constructor. */
  load({ parameters }: ModelWeights): void {
    const arrays = matchArrays(this.layouts, parameters);
    for (const [index, layout] of this.layouts.entries()) {
      const values = arrays[index] ?? new Float32Array();
      if (layout.role === 'count') this.counts.set(layout.name, values[0] ?? 0);
      else tf.tidy(() => this.array(layout.name).assign(tf.tensor(values, layout.tensorFlowShape)));
    }
  }

  dispose(): void {
    for (const variable of this.byName.values()) variable.dispose();
  }

  private pass(inputs: tf.Tensor, batchStatistics: ForwardPass['batchStatistics']): ForwardPass {
    const present = this.inputShape.length === 2 ? presence(inputs) : null;
    return { array: (name) => this.array(name), present, batchStatistics, frozen: this.isFrozen };
  }

  private array(name: string): tf.Variable {
    const variable = this.byName.get(name);
    if (!variable) throw new Error(`the layer list names no array ${name}`);
    return variable;
  }
}

/** Initial weights without a backend. */
export function initialWeights(
  model: string,
  inputShape: InputShape,
  classes: number,
  seed: number,
): ModelWeights {
  const layouts = parameterLayouts(architectureOf(model).layers(inputShape, classes), inputShape);
  return { model, inputShape, classes, parameters: initializeParameters(layouts, seed) };
}

function variableOf({ tensorFlowShape, role }: ParameterLayout, values: Float32Array): tf.Variable {
  return tf.tidy(() => tf.variable(tf.tensor(values, tensorFlowShape), role === 'parameter'));
}

/** The momentum of each of the statistics: a mean and a variance a batch-norm layer that is learnt. */
function momentaOf(
  layers: readonly Layer[],
  input: InputShape,
  isFrozen: (name: string) => boolean,
): number[] {
  const momenta: number[] = [];
  walkLayers(layers, input, (layer: PlainLayer) => {
    if (layer.kind === 'batch_norm' && !isFrozen(layer.name)) momenta.push(layer.momentum, layer.momentum);
  });
  return momenta;
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
        missing.length > 0 ? `Missing: ${missing.slice(0, 8).join(', ')}.` : '',
        unknown.length > 0 ? `Unknown: ${unknown.slice(0, 8).join(', ')}.` : '',
      ].join(' '),
      fix: 'Load weights of the chosen architecture, or choose the architecture they belong to.',
    });
  }
  return layouts.map((layout) =>
    toEngine(layout, given.get(layout.name) ?? { name: '', shape: [], data: new Float32Array() }),
  );
}
