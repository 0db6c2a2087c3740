/**
 * The gradients of several batches, each computed in shards. How a batch is cut depends on its size alone, so that one
 * thread and many add the same numbers in the same order.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import { addScaledInPlace } from '../kernels/wasm/direct.ts';
import type { MeanGradient } from '../objectives/loss-gradient.ts';
import type { Work } from './messages.ts';
import type { Outcome, Team } from './team.ts';

/** Smaller shards would cost more in packed weights than a second thread gains. */
const LEAST_EXAMPLES = 32;
const MOST_SHARDS = 4;

/** Into how many shards a batch is cut. */
export function shardCount(examples: number): number {
  return Math.min(MOST_SHARDS, Math.max(1, Math.floor(examples / LEAST_EXAMPLES)));
}

/** The shards of a batch, of sizes that differ by at most one example; their arrays are their own. */
export function shards(batch: LabelledImages): LabelledImages[] {
  const count = shardCount(batch.count);
  const size = batch.images.length / batch.count;
  return Array.from({ length: count }, (_, shard) => {
    const from = Math.floor((batch.count * shard) / count);
    const to = Math.floor((batch.count * (shard + 1)) / count);
    return {
      count: to - from,
      images: batch.images.slice(from * size, to * size),
      labels: batch.labels.slice(from, to),
    };
  });
}

/**
 * Mean loss and gradient of each batch, and what batch-norm saw of it; the tensors belong to the caller. A network with
 * batch-norm takes each batch whole, since its examples depend on each other. On the wasm backend.
 */
export async function shardedGradients(
  team: Team,
  batches: readonly LabelledImages[],
): Promise<MeanGradient[]> {
  const cut = batches.map((batch) => (team.wholeBatches ? [batch] : shards(batch)));
  const work = cut.flatMap((parts, index): Work[] =>
    parts.map((batch) => ({ kind: 'gradient', batch, divisor: batches[index]?.count ?? 1 })),
  );
  const outcomes = await team.perform(work);
  let at = 0;
  return cut.map(({ length }) => {
    const parts = outcomes.slice(at, at + length);
    at += length;
    return sum(parts);
  });
}

function sum(parts: readonly Outcome[]): MeanGradient {
  const gradients = parts.map((part) => {
    if (part.kind !== 'gradient') throw new Error('a gradient was asked for');
    return part;
  });
  const [first, ...others] = gradients;
  if (!first) throw new Error('a batch without shards');
  for (const { gradient } of others) {
    gradient.forEach((tensor, index) => {
      const target = first.gradient[index];
      if (target) addScaledInPlace(target, tensor, 1);
    });
    tf.dispose([...gradient]);
  }
  return {
    loss: tf.scalar(gradients.reduce((total, { loss }) => total + loss, 0)),
    gradient: first.gradient,
    statistics: first.statistics,
  };
}
