/**
 * SGD and Adam as PyTorch computes them: weight decay is added to the gradient first (torch.optim.SGD and Adam, not
 * AdamW). Slots are tensors shaped like their parameters and belong to the optimizer until `dispose`.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerConfig } from '../../core/config/schema.ts';
import { LabError } from '../../core/errors.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import { hasWasmKernels } from '../kernels/wasm/api.ts';
import { adamUpdate, sgdUpdate } from '../kernels/wasm/direct.ts';
import { hasWebgpuKernels } from '../kernels/webgpu/api.ts';
import * as webgpu from '../kernels/webgpu/direct.ts';
import type { NetworkParameter } from '../models/network.ts';
import { fromEngine, toEngine } from '../models/layout.ts';
import { combineGradients, type Gradient } from './gradients.ts';

type SgdConfig = Extract<OptimizerConfig, { kind: 'sgd' }>;
type AdamConfig = Extract<OptimizerConfig, { kind: 'adam' }>;

/** One parameter's update; `slots` are updated in place together with the parameter. */
interface Rule {
  slots: readonly string[];
  /**
   * New values of [parameter, ...slots].
   * @param step 1 for the first update
   */
  update(
    value: tf.Tensor,
    gradient: tf.Tensor,
    slots: tf.Tensor[],
    learningRate: number,
    step: number,
  ): tf.Tensor[];
  /** The same in one pass over the wasm backend's memory. */
  updateInPlace(
    value: tf.Tensor,
    gradient: tf.Tensor,
    slots: tf.Tensor[],
    learningRate: number,
    step: number,
  ): void;
  /** The same over all parameters and objectives on a GPU; `slots` holds a list of tensors for each slot. */
  updateTogether(
    values: readonly tf.Tensor[],
    weighted: webgpu.WeightedGradients,
    slots: readonly (readonly tf.Tensor[])[],
    learningRate: number,
    step: number,
  ): void;
}

/** v = momentum v + (g + decay p); p = p - rate v. PyTorch's first step (v = g + decay p) is the same with v = 0. */
function sgdRule(config: SgdConfig): Rule {
  return {
    slots: ['momentum_buffer'],
    update(value, gradient, [velocity], learningRate) {
      const decayed =
        config.weight_decay > 0 ? tf.add(gradient, tf.mul(value, config.weight_decay)) : gradient;
      const next =
        velocity && config.momentum > 0
          ? tf.add(tf.mul(velocity, config.momentum), decayed)
          : tf.clone(decayed);
      return [tf.sub(value, tf.mul(next, learningRate)), next];
    },
    updateInPlace(value, gradient, [velocity], learningRate) {
      const { momentum, weight_decay: weightDecay } = config;
      sgdUpdate(value, gradient, velocity ?? null, { learningRate, momentum, weightDecay });
    },
    updateTogether(values, weighted, [velocities], learningRate) {
      const { momentum, weight_decay: weightDecay } = config;
      webgpu.sgdUpdate(values, velocities ?? null, weighted, { learningRate, momentum, weightDecay });
    },
  };
}

/** Kingma and Ba, Adam, ICLR 2015, algorithm 1, with L2 decay and epsilon outside the corrected root as in PyTorch. */
function adamRule(config: AdamConfig): Rule {
  const { beta1, beta2, epsilon, weight_decay } = config;
  return {
    slots: ['exp_avg', 'exp_avg_sq'],
    update(value, gradient, [mean, square], learningRate, step) {
      if (!mean || !square) throw new Error('Adam needs two slots');
      const decayed = weight_decay > 0 ? tf.add(gradient, tf.mul(value, weight_decay)) : gradient;
      const nextMean = tf.add(tf.mul(mean, beta1), tf.mul(decayed, 1 - beta1));
      const nextSquare = tf.add(tf.mul(square, beta2), tf.mul(tf.square(decayed), 1 - beta2));
      const root = tf.div(tf.sqrt(nextSquare), Math.sqrt(1 - beta2 ** step));
      const change = tf.div(tf.mul(nextMean, learningRate / (1 - beta1 ** step)), tf.add(root, epsilon));
      return [tf.sub(value, change), nextMean, nextSquare];
    },
    updateInPlace(value, gradient, [mean, square], learningRate, step) {
      if (!mean || !square) throw new Error('Adam needs two slots');
      adamUpdate(value, gradient, mean, square, {
        learningRate,
        beta1,
        beta2,
        epsilon,
        weightDecay: weight_decay,
        step,
      });
    },
    updateTogether(values, weighted, [means, squares], learningRate, step) {
      if (!means || !squares) throw new Error('Adam needs two slots');
      const options = { learningRate, beta1, beta2, epsilon, weightDecay: weight_decay, step };
      webgpu.adamUpdate(values, means, squares, weighted, options);
    },
  };
}

export class Optimizer {
  private readonly rule: Rule;
  private readonly slots: tf.Variable[][];

  constructor(
    config: OptimizerConfig,
    private readonly parameters: readonly NetworkParameter[],
  ) {
    this.rule = config.kind === 'sgd' ? sgdRule(config) : adamRule(config);
    this.slots = parameters.map(({ variable }) =>
      this.rule.slots.map(() => tf.tidy(() => tf.variable(tf.zerosLike(variable), false))),
    );
  }

  /**
   * Updates every parameter. The gradients stay the caller's.
   * @param step 1 for the first update
   */
  apply(gradients: readonly tf.Tensor[], learningRate: number, step: number): void {
    if (hasWebgpuKernels()) {
      this.applyWeighted([gradients], [1], learningRate, step);
      return;
    }
    this.parameters.forEach(({ variable }, index) => {
      const gradient = gradients[index];
      const slots = this.slots[index];
      if (!gradient || !slots) throw new Error('one gradient a parameter');
      if (hasWasmKernels()) {
        this.rule.updateInPlace(variable, gradient, slots, learningRate, step);
        return;
      }
      tf.tidy(() => {
        const [value, ...next] = this.rule.update(variable, gradient, slots, learningRate, step);
        if (value) variable.assign(value);
        next.forEach((slot, position) => slots[position]?.assign(slot));
      });
    });
  }

  /** The same with the weighted sum of the objectives' gradients, which a GPU adds up in the update itself. */
  applyWeighted(
    gradients: readonly Gradient[],
    weights: readonly number[],
    learningRate: number,
    step: number,
  ): void {
    if (hasWebgpuKernels()) {
      const values = this.parameters.map(({ variable }) => variable);
      const slots = this.rule.slots.map((_, position) =>
        this.slots.flatMap((variables) => variables[position] ?? []),
      );
      this.rule.updateTogether(values, { gradients, weights }, slots, learningRate, step);
      return;
    }
    const combined = combineGradients(gradients, weights);
    this.apply(combined, learningRate, step);
    tf.dispose(combined);
  }

  /** The slots for a checkpoint, named `slot/parameter`, in PyTorch's layouts. */
  async state(): Promise<NamedArray[]> {
    const arrays: NamedArray[] = [];
    for (const [index, { layout }] of this.parameters.entries()) {
      for (const [position, slot] of this.rule.slots.entries()) {
        const data = (await this.slots[index]?.[position]?.data()) as Float32Array;
        arrays.push({ ...fromEngine(layout, data), name: `${slot}/${layout.name}` });
      }
    }
    return arrays;
  }

  /** @throws LabError E-CHECKPOINT when a slot is missing, E-SHAPE when one has another shape. */
  restore(arrays: readonly NamedArray[]): void {
    const byName = new Map(arrays.map((array) => [array.name, array]));
    for (const [index, { layout }] of this.parameters.entries()) {
      for (const [position, slot] of this.rule.slots.entries()) {
        const name = `${slot}/${layout.name}`;
        const array = byName.get(name);
        if (!array) {
          throw new LabError({
            code: 'E-CHECKPOINT',
            what: `The checkpoint has no ${name}.`,
            why: 'It was saved with another optimizer.',
            fix: 'Go on with the optimizer it was saved with, or start from its weights alone.',
          });
        }
        tf.tidy(() =>
          this.slots[index]?.[position]?.assign(tf.tensor(toEngine(layout, array), layout.tensorFlowShape)),
        );
      }
    }
  }

  dispose(): void {
    for (const slots of this.slots) for (const slot of slots) slot.dispose();
  }
}
