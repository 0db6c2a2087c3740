import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';
import type { Gradient } from '../training/gradients.ts';

export interface MeanGradient {
  loss: tf.Scalar;
  gradient: Gradient;
  /** What batch-norm saw, for `Network.track`. */
  statistics: tf.Tensor[];
}

/**
 * The cross-entropies of a batch, added and divided by `divisor`, and their gradient in every parameter. The default
 * divisor makes it the mean; a shard of a larger batch divides by the size of that. The network computes as in training;
 * what its batch-norm layers saw comes along for `Network.track`. `turned` changes the loss of each example first. All
 * tensors belong to the caller.
 */
export function lossAndGradient(
  network: Network,
  batch: LabelledImages,
  divisor = batch.count,
  turned: (losses: tf.Tensor1D) => tf.Tensor1D = (losses) => losses,
): MeanGradient {
  const variables = network.variables;
  let statistics: tf.Tensor[] = [];
  const { value, grads } = tf.variableGrads(() => {
    const output = network.forwardTraining(network.batchOf(batch.images, batch.count));
    statistics = output.statistics;
    const losses = turned(labelCrossEntropy(output.logits, batch.labels));
    return tf.mul<tf.Scalar>(tf.sum(losses), 1 / divisor);
  }, variables);
  const gradient = variables.map((variable) => {
    const tensor = grads[variable.name];
    if (!tensor) throw new Error(`no gradient for ${variable.name}`);
    return tensor;
  });
  return { loss: value, gradient, statistics };
}
