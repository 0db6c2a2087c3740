/** What the page knows of a run, and how each event of the engine changes it. Pure, so that it is tested without a worker. */
import type { BackendChoice, BalancerConfig, EvasionName, ExperimentConfig } from '../core/config/schema.ts';
import type { AggregatorConfig } from '../core/config/schema-federated.ts';
import type { LabErrorData } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
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
import type { DrawnClient, RoundRecord } from '../core/experiment/round.ts';
import type { ClientByHand } from '../core/federated/by-hand.ts';
import type { WeightEdit } from '../core/experiment/weight-edit.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import type { RunSeries } from '../core/series/runSeries.ts';
import type { JobHandle } from '../workers/client.ts';

export type RunPhase = 'idle' | 'preparing' | 'running' | 'paused' | 'done' | 'stopped' | 'failed';

/** A federated round that is under way. */
export interface OpenRound {
  round: number;
  clients: DrawnClient[];
  /** How far each is that has begun. */
  states: Readonly<Record<number, 'training' | 'done'>>;
  done: number;
  /** All that train in it, the server among them where it does. */
  of: number;
}

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
  /** That share the steps; null before the first. */
  threads: number | null;
  secondsLeft: number | null;
  /** Of a federated run. */
  rounds: RoundRecord[];
  /** What an attack on the weights changed after the last step; null before, and without such an attack. */
  edit: WeightEdit | null;
  /** The round that is under way; null between rounds. */
  openRound: OpenRound | null;
  /** Clients of a federated run that a person took by hand, those released again among them. */
  hands: readonly ClientByHand[];
  warnings: LabErrorData[];
  error: LabErrorData | null;
  pauseReason: PauseReason | null;
  result: RunResult | null;
}

/** A run that can go on: from before a reload, or stopped by hand. */
export interface SavedRun {
  id: string;
  name: string;
  step: number;
  epoch: number;
  savedAt: number;
  config: ExperimentConfig;
}

export interface RunState extends RunFacts {
  /** Every number of the run at full resolution; a new object for each run. */
  series: RunSeries;
  saved: SavedRun | null;
  importedWeights: { fileName: string; weights: ModelWeights } | null;
  canUndoReset: boolean;
  run: (config: ExperimentConfig) => void;
  pause: () => void;
  resume: () => void;
  /** One batch, then pause; starts a run when there is none. */
  stepBatch: (config: ExperimentConfig) => void;
  stepEpoch: (config: ExperimentConfig) => void;
  /** Ends the run within a step; its figures and its last checkpoint stay. */
  stop: () => Promise<void>;
  /** Clears the run; the one before comes back with `undoReset`, until the next is cleared or replaced. */
  reset: () => Promise<void>;
  undoReset: () => Promise<void>;
  /** Another balancer from the next step of the run on. */
  setBalancer: (balancer: BalancerConfig) => void;
  /** Have exactly these evasions on from the next step of the run on. */
  setEvasions: (evasions: readonly EvasionName[]) => void;
  /** Takes a federated client by hand, or releases it, from the next round of the run on. */
  takeClient: (client: ClientByHand) => void;
  /** Brings the updates of a round of this run together by other rules; the run does not change. */
  replay: (
    round: number,
    rules: readonly AggregatorConfig[],
    onProgress: (done: number, total: number) => void,
  ) => JobHandle<'replay'>;
  resumeSaved: () => Promise<void>;
  discardSaved: () => Promise<void>;
  /** Goes on from the last checkpoint at half the learning rate; from further back where that has failed. */
  recoverFromNan: () => Promise<void>;
  /** Whether it would go further back than to the last checkpoint. */
  nanGoesBack: () => boolean;
  /** Goes on from the last checkpoint in a new worker, on the backend of the experiment or on another. */
  recoverFromGpuLoss: (backend?: BackendChoice) => void;
  setImportedWeights: (imported: RunState['importedWeights']) => void;
  /** The weights as they are now; null before there are any. */
  snapshotWeights: () => Promise<Checkpoint | null>;
  /** Measures the imported weights under the experiment's trigger. */
  evaluateImported: (config: ExperimentConfig) => Promise<void>;
  /** Gets the backend and the data ready before the first run; `measure` times the backends anew. */
  prepare: (config: ExperimentConfig, measure?: boolean) => void;
  /** Looks for a run from before a reload, or of a tab that was closed. */
  findSaved: () => Promise<void>;
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
  threads: null,
  secondsLeft: null,
  warnings: [],
  rounds: [],
  edit: null,
  openRound: null,
  hands: [],
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
    case 'drawn': {
      const of = event.clients.filter(({ fate }) => fate === 'answers').length;
      return { openRound: { round: event.round, clients: event.clients, states: {}, done: 0, of } };
    }
    case 'client': {
      const { openRound } = state;
      if (openRound?.round !== event.round) return {};
      const { client, done, of } = event;
      const states = client === null ? openRound.states : { ...openRound.states, [client]: event.state };
      return { openRound: { ...openRound, states, done, of } };
    }
    case 'round': {
      // A run that went back does a round anew, and what followed is no more.
      const before = state.rounds.filter(({ round }) => round < event.record.round);
      return { openRound: null, rounds: [...before, event.record] };
    }
    case 'status':
      return {
        memory: event.memory,
        stepMilliseconds: event.stepMilliseconds,
        threads: event.threads,
        secondsLeft: event.secondsLeft,
      };
    case 'evaluation': {
      const { evaluation } = event;
      const shared = { evaluation, progress: null };
      return evaluation.scope === 'full' ? { ...shared, fullEvaluation: evaluation } : shared;
    }
    case 'epoch':
      return { epochs: [...state.epochs.filter(({ epoch }) => epoch !== event.record.epoch), event.record] };
    case 'edited':
      return { edit: event.edit, progress: null };
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

/** The facts alone, without series and actions. */
export function pickFacts(state: RunFacts): RunFacts {
  const keys = Object.keys(IDLE) as (keyof RunFacts)[];
  return Object.fromEntries(keys.map((key) => [key, state[key]])) as unknown as RunFacts;
}
