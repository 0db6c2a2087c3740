import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';
import type { ShardExchange } from '../models/shard-exchange.ts';
import type { MeanGradient } from './loss-gradient.ts';

/**
 * `lossAndGradient` of each shard of one batch, with batch-norm by the statistics of the whole batch: added up, they are
 * the gradient of the batch. Shards on other threads take part through `exchange`. On the wasm backend.
 * @param shards this thread's, in the order of the batch; two examples or more in all shards of the batch together
 * @param divisor the size of the whole batch
 * @returns one for each shard; what batch-norm saw comes with the first. All tensors belong to the caller
 */
export function jointGradients(
  network: Network,
  shards: readonly LabelledImages[],
  divisor: number,
  exchange: ShardExchange,
): MeanGradient[] {
  // Tensors of its own for each shard, so that each has a gradient of its own; they share the values.
  const copies = shards.map(() => network.variables.map((variable) => tf.clone<tf.Tensor>(variable)));
  const arrays = copies.map(
    (tensors) => new Map(network.parameters.map(({ layout }, index) => [layout.name, tensors[index]])),
  );
  const losses: tf.Scalar[] = [];
  let statistics: tf.Tensor[] = [];
  const { value, grads } = tf.valueAndGrads(() => {
    const inputs = shards.map(({ images, count }) => network.batchOf(images, count));
    const output = network.forwardTrainingJointly(inputs, arrays, exchange);
    statistics = output.statistics;
    for (const [index, logits] of output.logits.entries()) {
      const sum = tf.sum(labelCrossEntropy(logits, shards[index]?.labels ?? new Int32Array()));
      losses.push(tf.keep(tf.mul<tf.Scalar>(sum, 1 / divisor)));
    }
    return losses.reduce((total, loss) => tf.add<tf.Scalar>(total, loss), tf.scalar(0));
  })(copies.flat());
  tf.dispose([value, copies]);
  const count = network.variables.length;
  return losses.map((loss, index) => ({
    loss,
    gradient: grads.slice(index * count, (index + 1) * count),
    statistics: index === 0 ? statistics : [],
  }));
}
