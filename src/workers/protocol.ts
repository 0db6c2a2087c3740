/**
 * The messages between the page and a worker: one documented union each way.
 * Every request has an id; events, the result and the error carry it back. A request ends with exactly one
 * `result` or `failed`. Control messages name the request they steer.
 */
import type { BackendChoice, BalancerConfig, ExperimentConfig } from '../core/config/schema.ts';
import type { LabErrorData } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { BackendReport, Evaluation, ExperimentEvent, RunResult } from '../core/experiment/events.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';

export type Job =
  /** Train to the end. `checkpoint` goes on from there; `weights` are the imported starting weights. */
  | {
      kind: 'run';
      config: ExperimentConfig;
      checkpoint: Checkpoint | null;
      weights: ModelWeights | null;
      startPaused: boolean;
    }
  /** Measure given weights on the test set under the config's trigger. */
  | { kind: 'evaluate'; config: ExperimentConfig; weights: ModelWeights; scope: 'live' | 'full' }
  /** Choose and self-test a backend. */
  | { kind: 'probe'; backend: BackendChoice };

export interface JobResults {
  run: RunResult;
  evaluate: Evaluation;
  probe: BackendReport;
}

export type Control =
  | { action: 'cancel' }
  | { action: 'pause' }
  | { action: 'resume' }
  /** One more step or one more epoch, then pause. */
  | { action: 'step'; unit: 'batch' | 'epoch' }
  /** Take another balancer from the next step on. */
  | { action: 'balance'; balancer: BalancerConfig }
  /** Send the current checkpoint as a `checkpoint` message: weights for export, or to keep before a reset. */
  | { action: 'snapshot' };

export type ToWorker =
  { id: number; type: 'job'; job: Job } | { id: number; type: 'control'; control: Control };

export type FromWorker =
  | { type: 'ready' }
  | { id: number; type: 'event'; event: ExperimentEvent }
  | { id: number; type: 'snapshot'; checkpoint: Checkpoint }
  | { id: number; type: 'result'; result: RunResult | Evaluation | BackendReport }
  | { id: number; type: 'failed'; error: LabErrorData };
