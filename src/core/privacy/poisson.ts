/** Batches that every example is in with the same chance, whatever the others are. */
import { randomStream } from '../rng/random.ts';

/**
 * One batch, of any size, also empty: the same for a seed and position, whatever came before. Positions ascend.
 * @param count positions that there are
 * @param rate chance of each, (0, 1]
 */
export function poissonBatch(
  seed: number,
  epoch: number,
  batch: number,
  count: number,
  rate: number,
): Uint32Array {
  if (rate >= 1) return Uint32Array.from({ length: count }, (_, position) => position);
  const random = randomStream(seed, 'poisson', epoch, batch);
  // How many are left out before the next one is geometric, so that only those that are taken cost a draw.
  const logLeftOut = Math.log1p(-rate);
  const taken: number[] = [];
  for (let at = 0; ; at++) {
    at += Math.floor(Math.log(1 - random.next()) / logLeftOut);
    if (at >= count) return Uint32Array.from(taken);
    taken.push(at);
  }
}
