import type { ExperimentConfig } from '../config/schema.ts';
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

/** Steps in an epoch of an experiment: its batches, or one where an epoch is a round of federated training. */
export function stepsPerEpochOf(
  { federated, training }: Pick<ExperimentConfig, 'federated' | 'training'>,
  examples: number,
): number {
  return federated.enabled ? 1 : batchesPerEpoch(examples, training.batch_size, training.max_batches);
}
