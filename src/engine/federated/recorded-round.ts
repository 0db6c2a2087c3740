/** Rounds as they were, kept so that other rules can be tried on them. */
import type {
  Aggregate,
  AggregatorDefinition,
  AggregatorMemory,
  Update,
} from '../../core/aggregation/aggregator.ts';
import { aggregators } from '../../core/aggregation/definitions.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { AggregatorConfig } from '../../core/config/schema-federated.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { randomStream } from '../../core/rng/random.ts';

export interface RecordedRound {
  config: ExperimentConfig;
  round: number;
  /** What the clients began from. */
  weights: ModelWeights;
  /** What the server took, in the order of the clients. */
  updates: Update[];
  /** The server’s own update, where its rule trains one. */
  server: Float32Array | null;
  /** What the rule remembered before the round. */
  memory: AggregatorMemory;
  lastLayer: readonly [number, number];
}

/** Brings the updates of a round together by any rule, changing nothing. Null of no updates. */
export function aggregateRound(
  aggregator: AggregatorConfig,
  { config, round, updates, server, memory, lastLayer }: Omit<RecordedRound, 'weights'>,
): Aggregate | null {
  if (updates.length === 0) return null;
  const definition = aggregators[aggregator.kind] as unknown as AggregatorDefinition;
  return definition.aggregate(
    { ...aggregator },
    {
      updates,
      random: randomStream(config.seed, 'federated', 'noise', round),
      lastLayer,
      server,
      // What another rule remembered is nothing to this one.
      memory: aggregator.kind === config.federated.aggregator.kind ? memory : {},
    },
  );
}

/** Bytes that a round holds. */
export function roundBytes({ weights, updates, server, memory }: RecordedRound): number {
  const arrays = [
    ...weights.parameters.map(({ data }) => data),
    ...updates.map(({ delta }) => delta),
    ...(server ? [server] : []),
    ...Object.values(memory),
  ];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The newest rounds of one run, as many as fit. */
export class RecordedRounds {
  private rounds: RecordedRound[] = [];

  /** @param mostBytes a round that is larger by itself is not kept */
  constructor(private readonly mostBytes: number) {}

  get numbers(): number[] {
    return this.rounds.map(({ round }) => round);
  }

  take(newest: RecordedRound): void {
    // A run that went back does a round anew, and what followed is no more.
    this.rounds = [...this.rounds.filter(({ round }) => round < newest.round), newest];
    let bytes = this.rounds.reduce((sum, one) => sum + roundBytes(one), 0);
    while (bytes > this.mostBytes) {
      const [oldest, ...rest] = this.rounds;
      if (!oldest) return;
      bytes -= roundBytes(oldest);
      this.rounds = rest;
    }
  }

  /** The round of this number; null where it is not kept. */
  find(round: number): RecordedRound | null {
    return this.rounds.find((one) => one.round === round) ?? null;
  }
}
