/**
 * The run: what it is doing, and what a person can tell it to do. The engine works in a worker; this store starts its
 * jobs, takes up their events, and keeps the last checkpoint in hand.
 */
import { createStore, useStore } from 'zustand';
import type { BalancerConfig, ExperimentConfig } from '../core/config/schema.ts';
import { asLabError, type LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { ExperimentEvent } from '../core/experiment/events.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { RunSeries } from '../core/series/runSeries.ts';
import { checkpointStore } from '../storage/checkpoint-store.ts';
import type { JobHandle } from '../workers/client.ts';
import { datasetStore } from './dataset-store.ts';
import { changedBy, IDLE, type RunFacts } from './run-state.ts';
import { StepInbox } from './step-inbox.ts';
import { labWorkers } from './workers.ts';

export type { RunPhase } from './run-state.ts';

/** A checkpoint from before a reload. */
export interface SavedRun {
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
  reset: () => Promise<void>;
  undoReset: () => void;
  /** Another balancer from the next step of the run on. */
  setBalancer: (balancer: BalancerConfig) => void;
  resumeSaved: () => Promise<void>;
  discardSaved: () => Promise<void>;
  /** Goes on from the last checkpoint at half the learning rate. */
  recoverFromNan: () => Promise<void>;
  setImportedWeights: (imported: RunState['importedWeights']) => void;
  /** The weights as they are now; null before there are any. */
  snapshotWeights: () => Promise<Checkpoint | null>;
  /** Measures the imported weights under the experiment's trigger. */
  evaluateImported: (config: ExperimentConfig) => Promise<void>;
  /** Gets the backend and the data ready before the first run. */
  prepare: (config: ExperimentConfig) => void;
  /** Looks for a checkpoint from before a reload. */
  findSaved: () => Promise<void>;
}

/** Views update at most this often. */
const VIEW_INTERVAL_MS = 100;

/** A stop that is not answered within this time (the worker hangs in one step) ends the worker. */
const STOP_PATIENCE_MS = 15_000;

/** A worker that dies this often in one run is not started again by itself. */
const MAX_RESTARTS = 3;

let job: JobHandle<'run'> | null = null;
let lastCheckpoint: Checkpoint | null = null;
const snapshotWaiters: ((checkpoint: Checkpoint) => void)[] = [];
/** The run before the last reset. */
let beforeReset: { facts: RunFacts; series: RunSeries; checkpoint: Checkpoint | null } | null = null;
let restarts = 0;

export const runStore = createStore<RunState>()((set, get) => {
  const inbox = new StepInbox<RunFacts>((change) => set(change), VIEW_INTERVAL_MS);

  function receive(event: ExperimentEvent): void {
    if (event.type === 'data') {
      datasetStore.getState().receive(event);
      return;
    }
    const { series } = get();
    if (event.type === 'step') series.addStep(event.record);
    if (event.type === 'evaluation') series.addEvaluation(event.evaluation);
    const change = changedBy(event, get());
    if (event.type === 'step' || event.type === 'status' || event.type === 'progress') {
      inbox.add(change);
      return;
    }
    inbox.flush();
    if (Object.keys(change).length > 0) set(change);
  }

  /** Takes a checkpoint; those on IndexedDB are written by the worker itself. */
  function keep(checkpoint: Checkpoint): void {
    lastCheckpoint = checkpoint;
    for (const resolve of snapshotWaiters.splice(0)) resolve(checkpoint);
  }

  function begin(config: ExperimentConfig, from: Checkpoint | null, order: 'run' | 'batch' | 'epoch'): void {
    beforeReset = null;
    const series = from && get().series.steps.length > 0 ? get().series : new RunSeries();
    series.rewindTo(from?.step ?? 0);
    if (!from) lastCheckpoint = null;
    const { backend, memory } = get();
    const facts: RunFacts = {
      ...IDLE,
      backend,
      memory,
      config,
      phase: 'preparing',
      step: from?.step ?? 0,
      epoch: from?.epoch ?? 0,
      epochs: from?.epochs ?? [],
    };
    set({ ...facts, series, saved: null, canUndoReset: false });
    const weights = config.task.weights === 'imported' ? (get().importedWeights?.weights ?? null) : null;
    const started = labWorkers().start<'run'>(
      { kind: 'run', config, checkpoint: from, weights, startPaused: order !== 'run' },
      { onEvent: receive, onSnapshot: keep },
    );
    job = started;
    if (order !== 'run') started.control({ action: 'step', unit: order });
    started.result.then(
      () => ended(started),
      (thrown: unknown) => failed(started, asLabError(thrown)),
    );
  }

  function ended(handle: JobHandle<'run'>): void {
    if (job === handle) job = null;
    inbox.flush();
  }

  function failed(handle: JobHandle<'run'>, error: LabError): void {
    if (job !== handle) return;
    ended(handle);
    const { config } = get();
    if (error.code === 'E-CANCELLED') {
      set({ phase: 'stopped', progress: null, pauseReason: null, error: null, secondsLeft: null });
    } else if (error.code === 'E-WORKER' && config && lastCheckpoint && restarts < MAX_RESTARTS) {
      restarts++;
      begin(config, lastCheckpoint, 'run');
      set({
        warnings: [
          {
            ...error.toData(),
            fix: `A new one was started, and the run went on from step ${lastCheckpoint.step}.`,
          },
        ],
      });
    } else {
      set({ phase: 'failed', error: error.toData(), progress: null, secondsLeft: null });
    }
  }

  const startOrStep = (config: ExperimentConfig, unit: 'batch' | 'epoch'): void => {
    if (job) job.control({ action: 'step', unit });
    else {
      restarts = 0;
      begin(config, null, unit);
    }
  };

  return {
    ...IDLE,
    series: new RunSeries(),
    saved: null,
    importedWeights: null,
    canUndoReset: false,

    run: (config) => {
      if (job) return;
      restarts = 0;
      begin(config, null, 'run');
    },
    pause: () => job?.control({ action: 'pause' }),
    resume: () => job?.control({ action: 'resume' }),
    stepBatch: (config) => startOrStep(config, 'batch'),
    stepEpoch: (config) => startOrStep(config, 'epoch'),

    stop: async () => {
      const stopping = job;
      if (!stopping) return;
      stopping.control({ action: 'cancel' });
      const settled = stopping.result.then(
        () => true,
        () => true,
      );
      const patience = new Promise<false>((resolve) => setTimeout(() => resolve(false), STOP_PATIENCE_MS));
      if (await Promise.race([settled, patience])) return;
      // The worker hangs inside one step: end it. What it last kept stays.
      if (job === stopping) job = null;
      labWorkers().endTrainer();
      set({ phase: 'stopped', progress: null, pauseReason: null, secondsLeft: null });
    },

    reset: async () => {
      const { phase } = get();
      if (phase === 'idle') return;
      await get().stop();
      const { series, backend, memory, ...state } = get();
      beforeReset = { facts: pickFacts({ ...state, backend, memory }), series, checkpoint: lastCheckpoint };
      lastCheckpoint = null;
      set({ ...IDLE, backend, memory, series: new RunSeries(), canUndoReset: true });
    },

    undoReset: () => {
      if (!beforeReset || job) return;
      const { facts, series, checkpoint } = beforeReset;
      lastCheckpoint = checkpoint;
      beforeReset = null;
      set({ ...facts, series, canUndoReset: false });
    },

    setBalancer: (balancer) => job?.control({ action: 'balance', balancer }),

    resumeSaved: async () => {
      const checkpoint = lastCheckpoint ?? (await checkpointStore.load());
      if (!checkpoint || job) return;
      restarts = 0;
      begin(checkpoint.config, checkpoint, 'run');
    },

    discardSaved: async () => {
      set({ saved: null });
      await checkpointStore.remove();
    },

    recoverFromNan: async () => {
      const { config } = get();
      await get().stop();
      const checkpoint = lastCheckpoint;
      if (!checkpoint || !config) return;
      // Kept, so that the next halving starts from this one.
      lastCheckpoint = { ...checkpoint, learningRateFactor: checkpoint.learningRateFactor / 2 };
      begin(config, lastCheckpoint, 'run');
    },

    setImportedWeights: (importedWeights) => set({ importedWeights }),

    snapshotWeights: () => {
      if (!job || get().phase === 'preparing') return Promise.resolve(lastCheckpoint);
      const handle = job;
      return new Promise((resolve) => {
        snapshotWaiters.push(resolve);
        handle.control({ action: 'snapshot' });
        // A run that ends meanwhile has handed over its last state.
        void handle.result.catch(() => undefined).then(() => resolve(lastCheckpoint));
      });
    },

    evaluateImported: async (config) => {
      const weights = get().importedWeights?.weights;
      if (!weights) return;
      try {
        const evaluating = labWorkers().start<'evaluate'>(
          { kind: 'evaluate', config, weights, scope: 'full' },
          { onEvent: receive },
        );
        const evaluation = await evaluating.result;
        if (!job) set({ evaluation, fullEvaluation: evaluation, progress: null, config });
      } catch (thrown) {
        set({ error: asLabError(thrown).toData(), progress: null });
      }
    },

    prepare: (config) => {
      const preparing = labWorkers().start<'prepare'>(
        { kind: 'prepare', backend: config.backend, dataset: config.task.dataset },
        { onEvent: receive },
      );
      preparing.result.then(
        ({ backend }) => set(get().phase === 'idle' ? { backend, error: null } : { backend }),
        (thrown: unknown) => {
          const error = asLabError(thrown).toData();
          const ofData = error.code.startsWith('E-DATASET');
          if (ofData) datasetStore.getState().fail(error);
          if (!job) set(ofData ? { progress: null } : { error, progress: null });
        },
      );
    },

    findSaved: async () => {
      try {
        const stored = await checkpointStore.loadStored();
        if (!stored || job || get().phase !== 'idle') return;
        const { checkpoint, savedAt } = stored;
        const { config, step, epoch } = checkpoint;
        if (step === 0 || epoch > config.training.epochs) return; // nothing done yet, or nothing left to do
        lastCheckpoint = checkpoint;
        set({ saved: { name: config.name, step, epoch, savedAt, config } });
      } catch (thrown) {
        set({ warnings: [...get().warnings, asLabError(thrown).toData()] });
      }
    },
  };
});

function pickFacts(state: RunFacts): RunFacts {
  const keys = Object.keys(IDLE) as (keyof RunFacts)[];
  return Object.fromEntries(keys.map((key) => [key, state[key]])) as unknown as RunFacts;
}

/** The run store in a component. */
export function useRun<T>(selector: (state: RunState) => T): T {
  return useStore(runStore, selector);
}
