/** What a batch is planned from: which example, with which trigger, under which label. */
import type { Split } from '../datasets/dataset.ts';
import type { Stamp, StampRole } from '../synthesizers/synthesizer.ts';
import type { ExampleFacts } from '../triggers/labels.ts';

export interface PlannedExample {
  /** Index in the split. */
  index: number;
  /** What is put into it; null leaves it as it is. */
  stamp: Stamp | null;
  /** The label that it gets. */
  label: number;
  /** Pixels in [0, 1] that stand in its place, [height, width, channels], before the trigger. */
  pixels?: Float32Array;
  /** Index in the split of the example whose trigger it gets, where a trigger is made from the example. */
  donor?: number;
  /** Which backdoor made it what it is, 1 for the first, and for what; left out for an example as it is. */
  origin?: Origin;
}

export interface Origin {
  backdoor: number;
  role: StampRole;
}

/** What is known of example `index`. */
export function factsOf({ labels, attributes }: Split, index: number): ExampleFacts {
  const label = labels[index] ?? 0;
  return attributes ? { label, attribute: (name) => attributes[name]?.[index] } : { label };
}

/** The indices of all that must be read for some examples. */
export function indicesOf(planned: readonly PlannedExample[]): number[] {
  return planned.flatMap(({ index, donor }) => (donor === undefined ? [index] : [index, donor]));
}

/** The examples as they are. */
export function asTheyAre(split: Split, indices: ArrayLike<number>): PlannedExample[] {
  return Array.from(indices, (index) => ({ index, stamp: null, label: split.labels[index] ?? 0 }));
}
