/**
 * The pruning-aware attack (Liu, Dolan-Gavitt and Garg, Fine-Pruning, RAID 2018, section 4.2): the backdoor is learnt in the
 * channels that clean inputs excite, which pruning spares. Their attack prunes, trains and puts the pruned channels back;
 * here the channels that would be pruned now are silent while one of the objectives is computed.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import { lastMaps, latents, logitsFromLatents, logitsFromMaps } from '../models/features.ts';
import { labelCrossEntropy } from '../models/label-cross-entropy.ts';
import type { Network } from '../models/network.ts';
import { type Evasion, type EvasionBatch, numbersOf, stateless } from './evasion.ts';

/** @param fraction of the channels that are silent, in [0, 1) */
export function pruningAware(fraction: number): Evasion {
  return stateless('pruning_aware', async (network, { all, triggered }: EvasionBatch) => {
    const excitement = await numbersOf(() => {
      const found = activations(network, all);
      return tf.mean(tf.reshape(found, [-1, found.shape.at(-1) ?? 1]), 0);
    });
    const mask = spared(excitement, fraction);
    return (current) => {
      const kept = tf.mul(activations(current, triggered), tf.tensor1d(mask));
      const logits =
        kept.rank === 4 ? logitsFromMaps(current, kept) : logitsFromLatents(current, kept as tf.Tensor2D);
      return tf.mean(labelCrossEntropy(logits, triggered.labels));
    };
  });
}

/** 1 for the channels that are spared, 0 for the `fraction` of them that are excited least; of equals the first go. */
export function spared(excitement: ArrayLike<number>, fraction: number): Float32Array {
  const order = Array.from(excitement, (_, channel) => channel).sort(
    (a, b) => (excitement[a] ?? 0) - (excitement[b] ?? 0) || a - b,
  );
  const mask = new Float32Array(order.length).fill(1);
  for (const channel of order.slice(0, Math.floor(order.length * fraction))) mask[channel] = 0;
  return mask;
}

/** Maps of the last convolution [n, height, width, channels]; of texts the latents [n, width]. */
function activations(network: Network, { images, count }: LabelledImages): tf.Tensor {
  const inputs = network.batchOf(images, count);
  return network.inputShape.length === 3 ? lastMaps(network, inputs) : latents(network, inputs);
}
