/** Passes over the clean examples that a defender holds. */
import type { LabelledImages } from '../../../core/training/images.ts';
import { epochOrder } from '../../../core/training/order.ts';
import { randomStream } from '../../../core/rng/random.ts';
import { probabilitiesOf } from '../../parallel/perform.ts';
import type { Network } from '../../models/network.ts';
import { breathe, type DefenseContext } from '../context.ts';
import { outOfBounds } from './losses.ts';

export interface Pass {
  /** The method, for its own draw. */
  id: string;
  examples: number;
  batch_size: number;
  /** All of them; the last epoch may be cut short. */
  steps: number;
}

/** Steps of so many epochs; a last batch of one example is left out, which batch normalisation cannot take. */
export function stepsOf(held: number, examples: number, batchSize: number, epochs: number): number {
  return epochs * perEpoch(Math.min(held, examples), batchSize);
}

function perEpoch(count: number, batchSize: number): number {
  const whole = Math.floor(count / batchSize);
  return Math.max(1, whole + (count % batchSize > 1 ? 1 : 0));
}

/**
 * Calls `take` with one batch after another, each epoch in an order of its own.
 * @param take gets the number of the step, 1 for the first
 * @param enough asked between two steps: true ends them
 * @throws LabError E-CANCELLED between two steps
 */
export async function overBatches(
  { clean, seed, signal }: DefenseContext,
  { id, examples, batch_size, steps }: Pass,
  take: (batch: LabelledImages, step: number) => Promise<void>,
  enough: () => boolean = () => false,
): Promise<void> {
  const count = Math.min(clean.count, examples);
  const own = randomStream(seed, id, 'order').int(0, 0xffffffff);
  const each = perEpoch(count, batch_size);
  let order: Uint32Array = new Uint32Array();
  for (let step = 0; step < steps && !enough(); step++) {
    await breathe(signal);
    if (step % each === 0) order = epochOrder(own, 1 + step / each, count);
    const from = (step % each) * batch_size;
    await take(await clean.read(order.subarray(from, from + batch_size)), step + 1);
  }
}

const CHUNK = 500;

/**
 * Share of the defender's first examples that a network reads as they say.
 * @throws LabError E-CANCELLED, E-NAN for a network that no longer computes numbers
 */
export async function accuracyOn(
  network: Network,
  { clean, signal }: DefenseContext,
  examples: number,
): Promise<number> {
  const count = Math.min(clean.count, examples);
  let right = 0;
  for (let from = 0; from < count; from += CHUNK) {
    await breathe(signal);
    const places = Array.from({ length: Math.min(CHUNK, count - from) }, (_, at) => from + at);
    const batch = await clean.read(places);
    const rows = await probabilitiesOf(network, batch.images, batch.count);
    if (!rows.every(Number.isFinite))
      throw outOfBounds('what the network says of clean examples is no number');
    for (let at = 0; at < batch.count; at++) {
      const row = rows.subarray(at * network.classes, (at + 1) * network.classes);
      if (row.indexOf(Math.max(...row)) === batch.labels[at]) right++;
    }
  }
  return count > 0 ? right / count : NaN;
}
