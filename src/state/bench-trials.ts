/** What is known of one defense on one model while it waits, runs and has ended; pure, so that it is tested without a worker. */
import type { DefenseConfig } from '../core/config/schema-defense.ts';
import type { DefenseEvent } from '../core/defenses/events.ts';
import type { Evidence } from '../core/defenses/evidence.ts';
import type { DefenseResult } from '../core/defenses/result.ts';
import type { LabErrorData } from '../core/errors.ts';
import type { BenchModel } from './bench-models.ts';

export type TrialPhase = 'waiting' | 'running' | 'done' | 'failed' | 'stopped';

/** What a detector said of the run at one of its evaluations. */
export interface Look {
  step: number;
  verdict: DefenseResult['verdict'];
  score: number | null;
}

export interface Trial {
  id: number;
  model: BenchModel;
  defense: DefenseConfig;
  /** The implementation it follows; null for the parameters as they stand. */
  variant: string | null;
  /** Trials of one comparison of implementations share a number; null for others. */
  comparison: number | null;
  phase: TrialPhase;
  progress: Extract<DefenseEvent, { type: 'defense-progress' }> | null;
  evidence: readonly Evidence[];
  result: DefenseResult | null;
  error: LabErrorData | null;
  /** Whether it runs again at each evaluation of the run that is on. */
  follows: boolean;
  /** What it said so far while following, oldest first. */
  looks: readonly Look[];
}

/** Looks that are kept of one detector. */
const MOST_LOOKS = 200;

/** Evidence with one more piece; that of the same id gives way, in its place. */
export function withEvidence(shown: readonly Evidence[], one: Evidence): Evidence[] {
  const at = shown.findIndex(({ id }) => id === one.id);
  return at === -1 ? [...shown, one] : shown.with(at, one);
}

/** What an event changes. While a detector looks again, what it showed before stays until it is done. */
export function changedTrial(trial: Trial, event: DefenseEvent): Partial<Trial> {
  switch (event.type) {
    case 'defense-progress':
      return { progress: event };
    case 'defense-evidence':
      return trial.result ? {} : { evidence: withEvidence(trial.evidence, event.evidence) };
    case 'defense-done':
      return {};
  }
}

/** A trial that has ended well; `step` is that of the run it followed. */
export function endedTrial(trial: Trial, result: DefenseResult, step: number | null): Partial<Trial> {
  const { verdict, score, evidence } = result;
  const looks = step === null ? trial.looks : [...trial.looks, { step, verdict, score }].slice(-MOST_LOOKS);
  return { phase: 'done', progress: null, error: null, result, evidence, looks };
}
