/**
 * The gradients of several batches, each computed in shards. How a batch is cut depends on its size alone, so that one
 * thread and many add the same numbers in the same order.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { LabelledImages } from '../../core/training/images.ts';
import type { MeanGradient } from '../objectives/loss-gradient.ts';
import type { ExchangePlace } from './exchange-place.ts';
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
 * The shards of a batch in blocks, each for one thread: as few as keep the threads busy, since each travels. A block is
 * what `addUp` adds up by itself.
 */
function blocksOf(parts: readonly LabelledImages[], threads: number): LabelledImages[][] {
  if (threads >= parts.length) return parts.map((part) => [part]);
  if (threads === 1) return [[...parts]];
  return parts.flatMap((_, index) => (index % 2 === 0 ? [parts.slice(index, index + 2)] : []));
}

/**
 * Mean loss and gradient of each batch, and what batch-norm saw of it; the tensors belong to the caller. Where batch-norm
 * makes the examples of a batch depend on each other, threads share it only if they share memory. On the wasm backend.
 */
export async function shardedGradients(
  team: Team,
  batches: readonly LabelledImages[],
): Promise<MeanGradient[]> {
  const cut = batches.map((batch) => shards(batch));
  const whole = cut.map((parts) => [parts]);
  // Where every thread gets as many batches, each batch stays on one: its shards are added up there, and travel as one.
  const spread = batches.length % team.size === 0 ? whole : cut.map((parts) => blocksOf(parts, team.size));
  if (!team.dependentExamples) return together(spread, await team.perform(workOf(batches, spread)));
  if (spread !== whole && team.sharesMemory) {
    const places = spread.map((blocks, batch) => team.exchange(batch, blocks));
    const outcomes = await team.performTogether(workOf(batches, spread, places));
    if (outcomes) return together(spread, outcomes);
  }
  return together(whole, await team.perform(workOf(batches, whole)));
}

/** For each batch its blocks, for each block its shards. */
type Spread = readonly (readonly LabelledImages[][])[];

function workOf(
  batches: readonly LabelledImages[],
  spread: Spread,
  places: readonly (readonly ExchangePlace[] | null)[] = [],
): Work[] {
  return spread.flatMap((blocks, batch) =>
    blocks.map((block, index): Work => {
      const exchange = places[batch]?.[index] ?? null;
      return { kind: 'gradient', shards: block, divisor: batches[batch]?.count ?? 1, exchange };
    }),
  );
}

/** Adds up what the blocks of each batch came to. */
function together(spread: Spread, outcomes: readonly Outcome[]): MeanGradient[] {
  let at = 0;
  return spread.map(({ length }) => {
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
