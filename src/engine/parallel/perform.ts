/** One piece of work, done on this thread: the same code for a lead and its helpers. */
import * as tf from '@tensorflow/tfjs-core';
import type { Network } from '../models/network.ts';
import { exchangeAlone } from '../models/shard-exchange.ts';
import { jointGradients } from '../objectives/joint-gradient.ts';
import { lossAndGradient } from '../objectives/loss-gradient.ts';
import { addScaledInPlace } from '../kernels/wasm/direct.ts';
import type { Gradient } from '../training/gradients.ts';
import { exchangeAt, type ExchangePlace } from './exchange-place.ts';
import type { Work } from './messages.ts';

/** A loss as a number, its gradient and what batch-norm saw, whose tensors belong to the caller. */
export interface PieceGradient {
  loss: number;
  gradient: Gradient;
  statistics: tf.Tensor[];
}

/** Where pieces of work meet others. */
export function placesOf(work: readonly Work[]): ExchangePlace[] {
  return work.flatMap((piece) => (piece.kind === 'gradient' && piece.exchange ? [piece.exchange] : []));
}

/** The gradients of shards, added up; what batch-norm saw is that of the first. */
export async function gradientOf(
  network: Network,
  { shards, divisor, exchange }: Omit<Extract<Work, { kind: 'gradient' }>, 'kind'>,
): Promise<PieceGradient> {
  const dependent = network.statistics.length > 0 && (shards.length > 1 || exchange !== null);
  const gradients = dependent
    ? jointGradients(network, shards, divisor, exchange ? exchangeAt(exchange) : exchangeAlone)
    : shards.map((shard) => lossAndGradient(network, shard, divisor));
  const parts: PieceGradient[] = [];
  for (const { loss, ...rest } of gradients) {
    const [value = NaN] = await loss.data();
    loss.dispose();
    parts.push({ loss: value, ...rest });
  }
  return addUp(parts);
}

/**
 * The sum of gradients: of two the second is added to the first, of more the sums of pairs are, so that a thread may add
 * up a pair by itself. The tensors of the first stay; those of the others are disposed.
 */
export function addUp(parts: readonly PieceGradient[]): PieceGradient {
  const [first, second] = parts;
  if (!first) throw new Error('a batch without shards');
  if (!second) return first;
  if (parts.length > 2) {
    const pairs = parts.flatMap((_, index) =>
      index % 2 === 0 ? [addUp(parts.slice(index, index + 2))] : [],
    );
    return addUp(pairs);
  }
  first.gradient.forEach((target, index) => {
    const tensor = second.gradient[index];
    if (tensor) addScaledInPlace(target, tensor, 1);
  });
  tf.dispose([...second.gradient, ...second.statistics]);
  return { ...first, loss: first.loss + second.loss };
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
