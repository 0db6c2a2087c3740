/** What every aggregation rule offers: how the updates of a round become one. One file for each rule. */
import type { z } from 'zod';
import type { MethodDefinition } from '../method.ts';
import type { Random } from '../rng/random.ts';

/** What one client sends: its weights after local training minus the global ones it was given. */
export interface Update {
  /** Its number among all clients, from 0. */
  client: number;
  /** Training examples that it holds. */
  examples: number;
  /** All values of the network one after another, as the global weights. */
  delta: Float32Array;
}

/** What a rule keeps from one round to the next: arrays by name, as a checkpoint stores them. */
export type AggregatorMemory = Record<string, Float32Array>;

/** The updates of one round, and what a rule may look at beside them. */
export interface AggregationRound {
  /** In the order in which clients were sampled, all finite and of one length, at least one. */
  updates: readonly Update[];
  /** Of this round, for rules that add noise. */
  random: Random;
  /** The values of the last layer within an update: from, and up to but not including. */
  lastLayer: readonly [number, number];
  /** The server’s own update, trained on its clean examples; null where it has none. */
  server: Float32Array | null;
  memory: AggregatorMemory;
}

/** What a round comes to. */
export interface Aggregate {
  /** Added to the global weights, times the server’s rate. */
  delta: Float32Array;
  /**
   * How much of each update is in it, in the order of the updates, [0, 1] and at most 1 together; 0 was left out. Of a rule
   * that decides for each value by itself, the share of values that the update gave.
   */
  shares: number[];
  /** For the next round. */
  memory: AggregatorMemory;
}

export interface AggregatorDefinition<P extends z.ZodObject = z.ZodObject> extends MethodDefinition<P> {
  /** Whether the server trains on clean examples of its own for it. */
  needsServerUpdate: boolean;
  /**
   * How many of `clients` updates may be anything at all while the result stays near those of the others; 0 where the rule
   * promises nothing of the kind.
   */
  tolerates(params: z.output<P>, clients: number): number;
  /** @throws LabError E-AGGREGATION without the server’s update where the rule needs it */
  aggregate(params: z.output<P>, round: AggregationRound): Aggregate;
}
