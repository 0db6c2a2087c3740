/** Training on with clean examples: the whole of fine-tuning, and a part of other repairs. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import type { LabelledImages } from '../../../core/training/images.ts';
import { withoutUnits } from '../../../core/models/units.ts';
import { Network } from '../../models/network.ts';
import { lossAndGradient, type MeanGradient } from '../../objectives/loss-gradient.ts';
import { Optimizer } from '../../training/optimizer.ts';
import type { DefenseContext } from '../context.ts';
import { overBatches, stepsOf } from './batches.ts';
import { Losses } from './losses.ts';

export interface TuneSettings {
  examples: number;
  epochs: number;
  batch_size: number;
  learning_rate: number;
  momentum: number;
  weight_decay: number;
}

/** Loss and gradient of a batch; the tensors belong to the caller. */
export type GradientOf = (network: Network, batch: LabelledImages) => MeanGradient | Promise<MeanGradient>;

export interface TuneWays {
  id: string;
  title: string;
  /** The cross-entropy in training, unless told otherwise. */
  gradientOf?: GradientOf;
  /** Changes a batch before it is learnt. */
  change?: (batch: LabelledImages, step: number) => LabelledImages;
  /** Units that stay silent. */
  silent?: readonly number[];
  onStep: (done: number, total: number) => void;
}

/**
 * The model after some epochs of SGD on the defender's clean examples.
 * @throws LabError E-CANCELLED within one step
 */
export async function tuned(
  context: DefenseContext,
  weights: ModelWeights,
  settings: TuneSettings,
  { id, title, gradientOf = lossAndGradient, change, silent = [], onStep }: TuneWays,
): Promise<ModelWeights> {
  const { examples, epochs, batch_size, learning_rate, momentum, weight_decay } = settings;
  const steps = stepsOf(context.clean.count, examples, batch_size, epochs);
  const losses = new Losses(context, steps, { id: `${id}-loss`, title, line: 'loss' });
  const network = new Network(withoutUnits(weights, silent));
  const kept = new KeptSilent(network, weights, silent);
  const optimizer = new Optimizer({ kind: 'sgd', learning_rate, momentum, weight_decay }, network.parameters);
  try {
    await overBatches(context, { id, examples, batch_size, steps }, async (read, step) => {
      const computed = await gradientOf(network, change?.(read, step) ?? read);
      optimizer.apply(computed.gradient, learning_rate, step);
      network.track(computed.statistics);
      kept.apply();
      const [loss = NaN] = await computed.loss.data();
      tf.dispose([computed.loss, ...computed.gradient, ...computed.statistics]);
      losses.add(step, loss);
      onStep(step, steps);
    });
    return await network.weights();
  } finally {
    network.dispose();
    optimizer.dispose();
    kept.dispose();
  }
}

/** Sets what is pruned back to nothing after each update. */
class KeptSilent {
  private readonly mask: Network | null;

  constructor(
    private readonly network: Network,
    weights: ModelWeights,
    silent: readonly number[],
  ) {
    const ones = weights.parameters.map((array) => ({ ...array, data: array.data.map(() => 1) }));
    this.mask =
      silent.length > 0 ? new Network(withoutUnits({ ...weights, parameters: ones }, silent)) : null;
  }

  apply(): void {
    this.mask?.variables.forEach((mask, at) => {
      const variable = this.network.variables[at];
      if (variable) tf.tidy(() => variable.assign(tf.mul(variable, mask)));
    });
  }

  dispose(): void {
    this.mask?.dispose();
  }
}
