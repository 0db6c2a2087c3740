/** One piece of work, done on this thread: the same code for a lead and its helpers. */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import type { Network } from '../models/network.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { addScaledInPlace } from '../kernels/wasm/direct.ts';
import type { Gradient } from '../training/gradients.ts';

/** A loss as a number, its gradient and what batch-norm saw, whose tensors belong to the caller. */
export interface PieceGradient {
  loss: number;
  gradient: Gradient;
  statistics: tf.Tensor[];
}

/** The gradients of shards, added up in their order; what batch-norm saw is that of the first. */
export async function gradientOf(
  network: Network,
  shards: readonly LabelledImages[],
  divisor: number,
): Promise<PieceGradient> {
  const parts: PieceGradient[] = [];
  for (const shard of shards) {
    const { loss, gradient, statistics } = lossAndGradient(network, shard, divisor);
    const [value = NaN] = await loss.data();
    loss.dispose();
    parts.push({ loss: value, gradient, statistics });
  }
  return addUp(parts);
}

/** Adds the later gradients to the first, whose tensors stay; those of the others are disposed. */
export function addUp(parts: readonly PieceGradient[]): PieceGradient {
  const [first, ...others] = parts;
  if (!first) throw new Error('a batch without shards');
  for (const { gradient, statistics } of others) {
    gradient.forEach((tensor, index) => {
      const target = first.gradient[index];
      if (target) addScaledInPlace(target, tensor, 1);
    });
    tf.dispose([...gradient, ...statistics]);
  }
  return { ...first, loss: parts.reduce((total, { loss }) => total + loss, 0) };
}

/** Class probabilities [count, classes] of normalised images, or of texts. */
export async function probabilitiesOf(
  network: Network,
  images: Float32Array,
  count: number,
): Promise<Float32Array> {
  const probabilities = tf.tidy(() => tf.softmax(network.forward(network.batchOf(images, count))));
  const values = (await probabilities.data()) as Float32Array;
  probabilities.dispose();
  return values;
}
