/**
 * Which training examples an epoch draws where not each is taken once: with replacement, in proportion to weights, as
 * PyTorch's WeightedRandomSampler does (Backdoors 101 trains on PIPA so, whose classes are of very different sizes).
 */
import type { ExperimentConfig } from '../config/schema.ts';
import { LabError } from '../errors.ts';
import { randomStream } from '../rng/random.ts';

/**
 * How likely each example is drawn, in proportion to the others; null for plain sampling, which takes each once.
 * @param labels of all training examples, from 0
 * @param indices the examples that may be drawn
 * @returns [indices.length], each 0 or more
 * @throws LabError E-CONFIG-VALUE when every weight is 0
 */
export function exampleWeights(
  { sampling, class_weights: given }: Pick<ExperimentConfig['training'], 'sampling' | 'class_weights'>,
  labels: Uint16Array,
  indices: Uint32Array,
): Float64Array | null {
  if (sampling === 'plain') return null;
  const counts = new Map<number, number>();
  for (const index of indices) {
    const label = labels[index] ?? 0;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const weightOf = (label: number): number =>
    sampling === 'balanced' ? 1 / (counts.get(label) ?? 1) : (given[label] ?? 0);
  const weights = Float64Array.from(indices, (index) => weightOf(labels[index] ?? 0));
  if (weights.some((weight) => weight > 0)) return weights;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: 'No training example can be drawn.',
    why: 'The classes that are there have the weight 0.',
    fix: 'Give one of them a weight above 0.',
    where: 'training.class_weights',
  });
}

/**
 * Positions drawn with replacement, as many as there are weights: the same for a seed and epoch, whatever came before.
 * @param weights [count], each 0 or more, one above 0
 * @returns [count], each below count; none whose weight is 0
 */
export function drawByWeight(seed: number, epoch: number, weights: Float64Array): Uint32Array {
  const random = randomStream(seed, 'sample', epoch);
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (const [position, weight] of weights.entries()) sums[position] = total += weight;
  const last = weights.findLastIndex((weight) => weight > 0);
  return Uint32Array.from(weights, () => Math.min(last, firstAbove(sums, random.next() * total)));
}

/** The first position whose running sum lies above `value`. */
function firstAbove(sums: Float64Array, value: number): number {
  let [low, high] = [0, sums.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sums[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
