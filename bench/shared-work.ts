/** Sizes of the workloads that threads share in pieces larger than a step. */
import type { StepName } from './workload-list.ts';

/** Labels that Neural Cleanse searches at once, and updates of each in a step of the search. */
export const LABELS_AT_ONCE = 4;
export const LABEL_BATCHES = 4;

export interface RoundSize {
  /** In all; the examples are split over them. */
  clients: number;
  perRound: number;
  examples: number;
  batch: number;
}

/** Clients of ten steps of 64, as a hundred that share MNIST have, by how many a round has. */
const course = (perRound: number): RoundSize => ({ clients: 32, perRound, examples: 32 * 640, batch: 64 });

export const ROUNDS = {
  federated_2: course(2),
  federated_round: course(4),
  federated_8: course(8),
  federated_16: course(16),
  federated_few: { clients: 10, perRound: 10, examples: 4000, batch: 4 },
  federated_many: { clients: 1000, perRound: 10, examples: 4000, batch: 4 },
} as const satisfies Partial<Record<StepName, RoundSize>>;

export type RoundName = keyof typeof ROUNDS;

export function isRound(name: StepName): name is RoundName {
  return name in ROUNDS;
}
