/** The search for one label's trigger, one step at a time: state in, state out, so that any thread may take the next step. */
import type { NeuralCleanseParams } from '../../../core/defenses/neural-cleanse.ts';
import { type CostState, initialCost, nextCost } from '../../../core/defenses/trigger-cost.ts';
import type { NamedArray } from '../../../core/experiment/weights.ts';
import { randomStream } from '../../../core/rng/random.ts';
import type { Network } from '../../models/network.ts';
import { AdamSearch } from '../../objectives/adam-search.ts';
import { closed, type Normalization, opened, type RawTrigger, searchStep } from './search-step.ts';

/** Plain values and arrays. */
export interface SearchState {
  label: number;
  /** Steps done. */
  step: number;
  raw: RawTrigger;
  adam: NamedArray[];
  cost: CostState;
  /** The smallest trigger that worked, in (0, 1); null before there is one. */
  best: { mask: Float32Array; pattern: Float32Array } | null;
  /** Share of the images that the trigger brought to the label in the last step. */
  success: number;
}

/** One step of a search, for some thread. */
export interface SearchJob {
  state: SearchState;
  /** [batches × batch size, height, width, channels], normalised. */
  images: Float32Array;
  batchSize: number;
  params: NeuralCleanseParams;
  normalization: Normalization;
}

/** A start from uniform numbers, as the authors' code has it. */
export function beginSearch(
  label: number,
  [height, width, channels]: readonly [number, number, number],
  params: NeuralCleanseParams,
  seed: number,
): SearchState {
  const random = randomStream(seed, 'neural_cleanse', 'start', label);
  const uniform = (length: number): Float32Array => Float32Array.from({ length }, () => random.next());
  const raw = { mask: closed(uniform(height * width)), pattern: closed(uniform(height * width * channels)) };
  const adam = adamFor(raw, params).state();
  return { label, step: 0, raw, adam, cost: initialCost(params), best: null, success: 0 };
}

/** The images of a step: all in an order of its own, over again where they do not suffice. */
export function imagesOfStep(
  count: number,
  { label, step }: SearchState,
  { batches, batch_size }: NeuralCleanseParams,
  seed: number,
): Uint32Array {
  const wanted = Uint32Array.from({ length: batches * Math.min(batch_size, count) });
  for (let from = 0, pass = 0; from < wanted.length; pass++) {
    const order = randomStream(seed, 'neural_cleanse', 'order', label, step, pass).permutation(count);
    wanted.set(order.subarray(0, wanted.length - from), from);
    from += count;
  }
  return wanted;
}

/** The next step of a search. The job's state is left as it was. */
export async function advanceSearch(network: Network, job: SearchJob): Promise<SearchState> {
  const { state, images, batchSize, params, normalization } = job;
  const raw = { mask: state.raw.mask.slice(), pattern: state.raw.pattern.slice() };
  const adam = adamFor(raw, params);
  adam.restore(state.adam);
  const size = batchSize * raw.pattern.length;
  let [hits, norms, batches] = [0, 0, 0];
  for (let from = 0; from < images.length; from += size) {
    const batch = images.subarray(from, from + size);
    const figures = await searchStep(network, batch, state.label, raw, adam, {
      weight: state.cost.cost,
      norm: params.norm,
      normalization,
    });
    hits += figures.hits;
    norms += figures.norm;
    batches++;
  }
  const success = hits / (images.length / raw.pattern.length);
  const { state: cost, isBest } = nextCost(params, state.cost, success, norms / batches);
  return {
    label: state.label,
    step: state.step + 1,
    raw,
    adam: adam.state(),
    cost,
    best: isBest ? { mask: opened(raw.mask), pattern: opened(raw.pattern) } : state.best,
    success,
  };
}

export function isDone({ cost, step }: SearchState, { steps }: NeuralCleanseParams): boolean {
  return cost.done || step >= steps;
}

/** The trigger that a search has found: the smallest that worked, else the last. */
export function foundTrigger({ best, raw }: SearchState): { mask: Float32Array; pattern: Float32Array } {
  return best ?? { mask: opened(raw.mask), pattern: opened(raw.pattern) };
}

/** Keras' Adam, whose epsilon is 1e-7. */
function adamFor(raw: RawTrigger, { learning_rate, beta1, beta2 }: NeuralCleanseParams): AdamSearch {
  return new AdamSearch([raw.mask, raw.pattern], learning_rate, { beta1, beta2, epsilon: 1e-7 });
}
