/** What the page knows of a run, and how each event of the engine changes it. Pure, so that it is tested without a worker. */
import type { ExperimentConfig } from '../core/config/schema.ts';
import type { LabErrorData } from '../core/errors.ts';
import type {
  BackendReport,
  EpochRecord,
  Evaluation,
  ExperimentEvent,
  MemoryReport,
  PauseReason,
  RunResult,
  StepRecord,
} from '../core/experiment/events.ts';

export type RunPhase = 'idle' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';

export interface RunFacts {
  phase: RunPhase;
  progress: Extract<ExperimentEvent, { type: 'progress' }> | null;
  backend: BackendReport | null;
  /** Of the run, not the draft. */
  config: ExperimentConfig | null;
  step: number;
  epoch: number;
  stepsPerEpoch: number;
  totalSteps: number;
  latestStep: StepRecord | null;
  /** The latest one, live or full. */
  evaluation: Evaluation | null;
  fullEvaluation: Evaluation | null;
  epochs: EpochRecord[];
  memory: MemoryReport | null;
  stepMilliseconds: number | null;
  secondsLeft: number | null;
  warnings: LabErrorData[];
  error: LabErrorData | null;
  pauseReason: PauseReason | null;
  result: RunResult | null;
}

/** Before the first run. The backend and memory of the tab stay known through a reset. */
export const IDLE: RunFacts = {
  phase: 'idle',
  progress: null,
  backend: null,
  config: null,
  step: 0,
  epoch: 0,
  stepsPerEpoch: 0,
  totalSteps: 0,
  latestStep: null,
  evaluation: null,
  fullEvaluation: null,
  epochs: [],
  memory: null,
  stepMilliseconds: null,
  secondsLeft: null,
  warnings: [],
  error: null,
  pauseReason: null,
  result: null,
};

/** The part of the state that an event changes; empty for events that change none. */
export function changedBy(event: ExperimentEvent, state: RunFacts): Partial<RunFacts> {
  switch (event.type) {
    case 'progress':
      return { progress: event.done < event.total ? event : null };
    case 'data':
      return {};
    case 'started': {
      const { backend, stepsPerEpoch, totalSteps, step } = event;
      return { phase: 'running', progress: null, backend, stepsPerEpoch, totalSteps, step };
    }
    case 'step':
      return { step: event.record.step, epoch: event.record.epoch, latestStep: event.record };
    case 'status':
      return {
        memory: event.memory,
        stepMilliseconds: event.stepMilliseconds,
        secondsLeft: event.secondsLeft,
      };
    case 'evaluation': {
      const { evaluation } = event;
      const shared = { evaluation, progress: null };
      return evaluation.scope === 'full' ? { ...shared, fullEvaluation: evaluation } : shared;
    }
    case 'epoch':
      return { epochs: [...state.epochs.filter(({ epoch }) => epoch !== event.record.epoch), event.record] };
    case 'checkpoint':
      return {};
    case 'paused':
      return { phase: 'paused', pauseReason: event.reason, error: event.error, secondsLeft: null };
    case 'resumed':
      return { phase: 'running', pauseReason: null, error: null };
    case 'warning':
      return { warnings: [...state.warnings, event.warning] };
    case 'done':
      return { phase: 'done', result: event.result, secondsLeft: null, progress: null, pauseReason: null };
  }
}
