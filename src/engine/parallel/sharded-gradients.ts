/**
 * The gradients of several batches, each computed in shards. How a batch is cut depends on its size alone, so that one
 * thread and many add the same numbers in the same order.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import type { MeanGradient } from '../objectives/loss-gradient.ts';
import type { Work } from './messages.ts';
import { addUp, type PieceGradient } from './perform.ts';
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
  // Where every thread gets as many batches, each batch stays on one: its shards are added up there, and travel as one.
  const whole = batches.length % team.size === 0;
  const pieces = cut.map((parts) => (whole ? [parts] : parts.map((part) => [part])));
  const work = pieces.flatMap((parts, index): Work[] =>
    parts.map((part) => ({ kind: 'gradient', shards: part, divisor: batches[index]?.count ?? 1 })),
  );
  const outcomes = await team.perform(work);
  let at = 0;
  return pieces.map(({ length }) => {
    const parts = outcomes.slice(at, at + length);
    at += length;
    const { loss, gradient, statistics } = addUp(parts.map(asGradient));
    return { loss: tf.scalar(loss), gradient, statistics };
  });
}

function asGradient(outcome: Outcome): PieceGradient {
  if (outcome.kind !== 'gradient') throw new Error('a gradient was asked for');
  return outcome;
}
