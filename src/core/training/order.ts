import { randomStream } from '../rng/random.ts';

/** The order of the training examples in an epoch: the same for a seed and epoch, whatever came before. */
export function epochOrder(seed: number, epoch: number, examples: number): Uint32Array {
  return randomStream(seed, 'order', epoch).permutation(examples);
}

/** Batches in an epoch; the last one may be smaller (PyTorch's DataLoader with drop_last = False). */
export function batchesPerEpoch(examples: number, batchSize: number, maxBatches: number | null): number {
  const all = Math.ceil(examples / batchSize);
  return maxBatches === null ? all : Math.min(all, maxBatches);
}
