/**
 * What trying out the backends has shown on one machine, as it is kept: plain data, so that a store needs nothing of
 * TensorFlow.js.
 */
import type { BackendName } from '../../core/config/schema.ts';

/** A candidate that was timed, or one that computes wrong values, with the words of its refusal. */
export type TrialOutcome =
  | { name: BackendName; /** Of a trial step. */ milliseconds: number }
  | { name: BackendName; refusal: string };

export interface Measurement {
  /** Milliseconds since 1970. */
  measuredAt: number;
  outcomes: TrialOutcome[];
}

/** Where measurements are kept by machine. It may fail or hold anything: then they are made again. */
export interface MeasurementStore {
  load: (machine: string) => Promise<unknown>;
  save: (machine: string, measurement: Measurement) => Promise<void>;
  forget: (machine: string) => Promise<void>;
}

/** How a choice remembers. */
export interface Remembering {
  store: MeasurementStore;
  /** What only the caller knows of the machine: browser or Node, cores, version of the lab. */
  machine: readonly string[];
  /** Measure now, whatever is remembered. */
  anew?: boolean;
}

/** Older measurements are made again: drivers and other programs change without a sign. */
export const LASTS_MS = 30 * 24 * 3_600_000;
