/** A narrow network of few channels and one output, which is to be loud on triggered inputs and silent on clean ones. */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { initializeParameters } from '../../core/models/initialize.ts';
import type { Layer } from '../../core/models/layers.ts';
import { parameterLayouts } from '../../core/models/layouts.ts';
import { exampleShape, type InputShape } from '../../core/models/shapes.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import { applyLayers } from '../models/forward.ts';
import { fromEngine, toEngine } from '../models/layout.ts';
import type { NetworkParameter } from '../models/network.ts';
import { Optimizer } from '../training/optimizer.ts';

const ADAM = {
  kind: 'adam',
  learning_rate: 0.005,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weight_decay: 0,
} as const;

export class NarrowNetwork {
  private readonly arrays: readonly NetworkParameter[];
  private readonly learnt: readonly NetworkParameter[];
  private readonly optimizer: Optimizer;
  private readonly byName: ReadonlyMap<string, tf.Variable>;
  private readonly counts: readonly NamedArray[];
  private steps = 0;

  /** Weights drawn from the seed. Normalisations stay the identity of their running statistics, and scale and shift. */
  constructor(
    private readonly layers: readonly Layer[],
    private readonly inputShape: InputShape,
    seed: number,
  ) {
    const layouts = parameterLayouts(layers, inputShape);
    const values = initializeParameters(layouts, seed);
    const head = layers.at(-1);
    const headBias = head && 'name' in head ? `${head.name}.bias` : '';
    const made = layouts.map((layout, at) => {
      const array = values[at] ?? { name: layout.name, shape: layout.shape, data: new Float32Array() };
      // The logit of a silent network is nothing: its bias would be added to clean inputs too.
      const start = layout.name === headBias ? { ...array, data: new Float32Array(1) } : array;
      const isLearnt = layout.role === 'parameter' && layout.name !== headBias;
      const tensor = () => tf.tensor(toEngine(layout, start), layout.tensorFlowShape);
      return { layout, isLearnt, start, variable: tf.tidy(() => tf.variable(tensor(), isLearnt)) };
    });
    this.arrays = made;
    this.learnt = made.filter(({ isLearnt }) => isLearnt);
    this.counts = made.filter(({ layout }) => layout.role === 'count').map(({ start }) => start);
    this.byName = new Map(made.map(({ layout, variable }) => [layout.name, variable]));
    this.optimizer = new Optimizer(ADAM, this.learnt);
  }

  /** What it says of a batch, [count]. */
  async outputs(batch: LabelledImages): Promise<Float32Array> {
    const said = tf.tidy(() => this.forward(batch));
    const values = (await said.data()) as Float32Array;
    said.dispose();
    return values;
  }

  /** One step of Adam towards 0 on clean examples and 1 on triggered ones, in squares (section 3.3 of the paper). */
  async step(clean: LabelledImages, triggered: LabelledImages): Promise<number> {
    const variables = this.learnt.map(({ variable }) => variable);
    const { value, grads } = tf.variableGrads(
      () =>
        tf.add<tf.Scalar>(meanSquare(this.forward(clean)), meanSquare(tf.sub(this.forward(triggered), 1))),
      variables,
    );
    const gradients = variables.map((variable) => grads[variable.name] ?? tf.zerosLike(variable));
    this.steps++;
    this.optimizer.apply(gradients, ADAM.learning_rate, this.steps);
    const [loss = NaN] = await value.data();
    tf.dispose([value, ...gradients]);
    return loss;
  }

  /** Its arrays in PyTorch's names and layouts, loud by `strength`. */
  async weights(strength: number): Promise<NamedArray[]> {
    const head = this.layers.at(-1);
    const counts = new Map(this.counts.map((array) => [array.name, array]));
    const arrays: NamedArray[] = [];
    for (const { layout, variable } of this.arrays) {
      const array = counts.get(layout.name) ?? fromEngine(layout, (await variable.data()) as Float32Array);
      const isHead = head && 'name' in head && layout.name === `${head.name}.weight`;
      arrays.push(isHead ? { ...array, data: array.data.map((value) => value * strength) } : array);
    }
    return arrays;
  }

  dispose(): void {
    this.optimizer.dispose();
    for (const { variable } of this.arrays) variable.dispose();
  }

  private forward({ images, count }: LabelledImages): tf.Tensor1D {
    const inputs = tf.tensor(images, [count, ...exampleShape(this.inputShape)]);
    const array = (name: string): tf.Variable => {
      const variable = this.byName.get(name);
      if (!variable) throw new Error(`the layer list names no array ${name}`);
      return variable;
    };
    return tf.reshape(applyLayers(this.layers, inputs, { array, present: null, batchStatistics: null }), [
      count,
    ]);
  }
}

function meanSquare(values: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(values));
}
