/** What a federated round came to, as it is shown, exported and kept. */
import type { ObjectiveName } from '../config/schema.ts';
import type { Fate } from '../federated/participation.ts';
import type { OptionalRate } from './events.ts';

/** A client as it is drawn for a round. */
export type DrawnClient = Pick<ClientRecord, 'client' | 'attacking' | 'histogram'> & { fate: Fate };

export interface ClientRecord {
  client: number;
  /** Whether it attacked in this round. */
  attacking: boolean;
  /** What became of it; `refused` sent what the server would not take. */
  fate: Fate | 'refused';
  /** How often it was asked. */
  attempts: number;
  examples: number;
  /** How many of its examples are of each class. */
  histogram: number[];
  losses: Partial<Record<ObjectiveName, number>>;
  /** Length of what it sent; null where nothing came. */
  norm: number | null;
  /** Cosine of its update and the aggregate; null where nothing came or one has no length. */
  cosine: number | null;
  /** How much of its update is in the aggregate, [0, 1]; null where nothing came. */
  share: number | null;
  /** Where its update lies on the plane of the two directions in which the updates of the round differ most. */
  place: readonly [number, number] | null;
  /** What its update was multiplied by. */
  scale: number;
  clean: OptionalRate;
  triggered: OptionalRate;
  steps: number;
  milliseconds: number;
  /** Why it was refused. */
  why: string | null;
}

export interface RoundRecord {
  /** From 1. */
  round: number;
  aggregator: string;
  clients: ClientRecord[];
  /** Length of the aggregate, before the server’s rate. */
  norm: number;
  /** Bytes that went to clients and came from them. */
  bytes: { down: number; up: number };
  /** Gradient steps of all clients together. */
  steps: number;
  seconds: number;
}
