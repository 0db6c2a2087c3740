/** What a recorded round would have come to under other rules. */
import type { AggregatorConfig } from '../config/schema-federated.ts';
import type { LabErrorData } from '../errors.ts';
import type { OptionalRate, Rate } from './events.ts';

export interface ReplayedRule {
  rule: AggregatorConfig;
  /** Whether it is the rule that the run took. */
  taken: boolean;
  /** Of the global model after the round, on the live test examples; null where the rule could not be used. */
  clean: Rate | null;
  triggered: OptionalRate | null;
  /** Length of the aggregate, before the server’s rate. */
  norm: number | null;
  /** Cosine of this aggregate and the one that was taken; null where one has no length. */
  cosine: number | null;
  /** How much of each client’s update is in it, [0, 1], in the order of `Replay.clients`; empty where it could not be used. */
  shares: number[];
  /** Why it could not be used. */
  error: LabErrorData | null;
}

export interface Replay {
  round: number;
  /** Those whose updates the server took. */
  clients: { client: number; norm: number }[];
  /** The global model before the round, on the same examples. */
  before: { clean: Rate; triggered: OptionalRate };
  /** The rule that was taken first, then those that were asked for. */
  rules: ReplayedRule[];
}
