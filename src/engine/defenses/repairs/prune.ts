/** Pruning of channels in an order, as far as the defender's own accuracy allows, and what the truth may say of each place. */
import type { PruningCourse } from '../../../core/defenses/result.ts';
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import { withoutUnits } from '../../../core/models/units.ts';
import { Network } from '../../models/network.ts';
import { breathe, type DefenseContext } from '../context.ts';
import { accuracyOn } from './batches.ts';

/** Places between which accuracy is looked at, and at which the truth is measured later. */
const PLACES = 20;

export interface Pruned {
  units: number[];
  weights: ModelWeights;
  /** On the defender's own examples. */
  accuracy: number;
  course: PruningCourse;
}

/**
 * Prunes until the accuracy on the defender's first `examples` would fall by more than `drop`: first in strides, then one by
 * one within the last of them. Shows the accuracy on the way.
 * @param order units, the first to go first; they are all candidates
 * @throws LabError E-CANCELLED
 */
export async function prunedAlong(
  context: DefenseContext,
  order: readonly number[],
  { examples, drop, of }: { examples: number; drop: number; of: (done: number, total: number) => void },
): Promise<Pruned> {
  const accuracy = async (count: number): Promise<number> => {
    await breathe(context.signal);
    const network = new Network(withoutUnits(context.weights, order.slice(0, count)));
    try {
      return await accuracyOn(network, context, examples);
    } finally {
      network.dispose();
    }
  };
  const stride = Math.max(1, Math.ceil(order.length / PLACES));
  const seen = new Map([[0, await accuracy(0)]]);
  const least = (seen.get(0) ?? 0) - drop;
  const counts = strides(order.length, stride);
  let [low, high] = [0, order.length + 1];
  for (const [at, count] of counts.entries()) {
    const found = await accuracy(count);
    seen.set(count, found);
    of(at + 1, counts.length);
    if (found >= least) low = count;
    else {
      high = count;
      break;
    }
  }
  while (high - low > 1 && low < order.length) {
    const middle = (low + high) >> 1;
    const found = await accuracy(middle);
    seen.set(middle, found);
    if (found >= least) low = middle;
    else high = middle;
  }
  const units = order.slice(0, low).sort((a, b) => a - b);
  const places = [...seen.keys()].sort((a, b) => a - b);
  context.show({
    kind: 'curve',
    id: 'own-accuracy',
    title: 'Accuracy on the defender’s own examples',
    x: { title: 'pruned channels', values: Float64Array.from(places) },
    lines: [
      {
        name: 'clean accuracy',
        population: 'clean',
        values: Float64Array.from(places, (place) => seen.get(place) ?? NaN),
      },
    ],
    chosen: places.indexOf(low),
  });
  const measured = [...new Set([0, ...counts, low])].sort((a, b) => a - b);
  return {
    units,
    weights: withoutUnits(context.weights, units),
    accuracy: seen.get(low) ?? NaN,
    course: {
      counts: measured,
      chosen: measured.indexOf(low),
      modelAt: (count) => withoutUnits(context.weights, order.slice(0, count)),
    },
  };
}

/** Multiples of a stride up to a length, and the length itself. */
export function strides(length: number, stride: number): number[] {
  const counts: number[] = [];
  for (let count = stride; count < length; count += stride) counts.push(count);
  return length > 0 ? [...counts, length] : counts;
}
