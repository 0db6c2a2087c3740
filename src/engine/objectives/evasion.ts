/** What an evasion is to a training step: a further loss, and what it keeps between steps. */
import * as tf from '@tensorflow/tfjs-core';
import type { EvasionName } from '../../core/config/schema.ts';
import type { NamedArray } from '../../core/experiment/weights.ts';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import type { MeanGradient } from './loss-gradient.ts';

/** The same examples twice: as they are, and with the trigger under the labels that the backdoor wants. */
export interface EvasionBatch {
  clean: LabelledImages;
  triggered: LabelledImages;
  /** Every example of the normal objective. */
  all: LabelledImages;
  /** 1 for the first step of the run. */
  step: number;
}

/** A further objective of a step: the cross-entropy of a batch, which threads share, or a loss of its own. */
export type EvasionTerm = { objective: EvasionName } & (
  | { batch: LabelledImages }
  | { loss: (network: Network) => tf.Scalar }
);

export interface Evasion {
  /**
   * Its term in this step, which holds no tensor; null where there is nothing to ask.
   * @throws LabError E-CANCELLED when a preparation is stopped
   */
  term(network: Network, batch: EvasionBatch): Promise<EvasionTerm | null>;
  /** Numbers to be kept in checkpoints. */
  state(): Promise<NamedArray[]>;
  restore(arrays: readonly NamedArray[]): void;
  /** Figures of the last step beside the loss. */
  maskNorm?: number;
  dispose(): void;
}

/** An evasion that keeps nothing: its loss as a function of the network and the batch. */
export function stateless(
  objective: EvasionName,
  lossOf: (network: Network, batch: EvasionBatch) => Promise<((network: Network) => tf.Scalar) | null>,
): Evasion {
  return {
    term: async (network, batch) => {
      const loss = await lossOf(network, batch);
      return loss && { objective, loss };
    },
    state: () => Promise.resolve([]),
    restore: () => undefined,
    dispose: () => undefined,
  };
}

/** A loss of its own and its gradient in every parameter, zero where it does not depend on one. */
export function gradientOfLoss(network: Network, loss: (network: Network) => tf.Scalar): MeanGradient {
  const { variables } = network;
  const { value, grads } = tf.variableGrads(() => loss(network), variables);
  const gradient = variables.map((variable) => grads[variable.name] ?? tf.zeros(variable.shape));
  return { loss: value, gradient, statistics: [] };
}

/** What a computation gives, as numbers; its tensors are disposed. */
export async function numbersOf(compute: () => tf.Tensor): Promise<Float32Array> {
  const tensor = tf.tidy(compute);
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
