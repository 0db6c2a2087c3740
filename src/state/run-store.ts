/**
 * The run: what it is doing, and what a person can tell it to do. The engine works in a worker; this store takes up its
 * events and passes orders to the session.
 */
import { createStore, useStore } from 'zustand';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { asLabError } from '../core/errors.ts';
import { type ExperimentEvent, setByHand } from '../core/experiment/events.ts';
import { RunSeries } from '../core/series/runSeries.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import { datasetStore } from './dataset-store.ts';
import { leaveEarlyData } from './early-data.ts';
import { RunSession } from './run-session.ts';
import { changedBy, IDLE, type RunFacts, type RunState } from './run-state.ts';
import { releaseRun } from './run-claims.ts';
import { claimSavedRun } from './saved-runs.ts';
import { StepInbox } from './step-inbox.ts';
import { labWorkers } from './workers.ts';

export type { RunPhase, RunState } from './run-state.ts';

/** Views update at most this often. */
const VIEW_INTERVAL_MS = 100;

export const runStore = createStore<RunState>()((set, get) => {
  const inbox = new StepInbox<RunFacts>((change) => set(change), VIEW_INTERVAL_MS);
  const session = new RunSession(get, set, receive, () => inbox.flush());
  let resetting: Promise<void> | null = null;
  /** What is made ready now: what an older choice still loads is not shown in its place. */
  let wanted: object | null = null;

  function receive(event: ExperimentEvent): void {
    if (event.type === 'data') {
      datasetStore.getState().receive(event);
      return;
    }
    const { series } = get();
    if (event.type === 'checkpoint') session.kept(event.step);
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

  const startOrStep = (config: ExperimentConfig, unit: 'batch' | 'epoch'): void => {
    if (session.active) session.control({ action: 'step', unit });
    else session.start(config, unit);
  };

  return {
    ...IDLE,
    series: new RunSeries(),
    saved: null,
    importedWeights: null,
    canUndoReset: false,

    run: (config) => session.start(config, 'run'),
    pause: () => session.control({ action: 'pause' }),
    resume: () => session.control({ action: 'resume' }),
    stepBatch: (config) => startOrStep(config, 'batch'),
    stepEpoch: (config) => startOrStep(config, 'epoch'),
    stop: () => session.stop(),

    reset: () => {
      if (get().phase === 'idle') return Promise.resolve();
      resetting ??= session.clear().finally(() => (resetting = null));
      return resetting;
    },
    undoReset: () => session.restorePast(),

    setBalancer: (balancer) => session.control({ action: 'balance', balancer }),
    setEvasions: (evasions) => session.control({ action: 'evade', evasions }),

    takeClient: (client) => {
      session.control({ action: 'take-client', client });
      set({ hands: [...get().hands.filter((hand) => hand.client !== client.client), client] });
    },
    replay: (round, rules, onProgress) => {
      const job = { kind: 'replay', run: session.runId ?? '', round, rules } as const;
      return labWorkers().start<'replay'>(job, {
        onEvent: (event) => {
          if (event.type === 'progress') onProgress(event.done, event.total);
        },
      });
    },

    resumeSaved: async () => {
      const { saved } = get();
      const checkpoint = session.lastCheckpoint;
      if (!checkpoint) return;
      // After a reload the page has none of what the run recorded before.
      if (saved && get().series.steps.length === 0) {
        const series = await keptRuns.loadSeries(saved.id).catch(() => null);
        if (series && !session.active) set({ series });
      }
      if (get().rounds.length === 0) set({ rounds: checkpoint.rounds ?? [] });
      set({ hands: setByHand(checkpoint.interventions).clients });
      session.goOn(checkpoint.config, checkpoint);
    },

    discardSaved: async () => {
      const { saved } = get();
      if (!saved) return;
      // Offered until it is gone: a page that is closed meanwhile would find it again.
      await session.discard(saved.id);
      set({ saved: null });
      // There may be another, of a tab that was closed.
      await get().findSaved();
    },

    recoverFromNan: async () => {
      const { config } = get();
      if (config) await session.recover(config);
    },
    nanGoesBack: () => session.mustGoBack,

    recoverFromGpuLoss: (backend) => {
      const { config } = get();
      if (!config) return;
      const next = { ...config, backend: backend ?? config.backend };
      if (session.lastCheckpoint) session.goOn(next, session.lastCheckpoint);
      else session.start(next, 'run');
    },

    setImportedWeights: (importedWeights) => set({ importedWeights }),

    snapshotWeights: () => session.snapshot(),

    evaluateImported: async (config) => {
      const weights = get().importedWeights?.weights;
      if (!weights) return;
      try {
        const job = { kind: 'evaluate', config, weights, scope: 'full' } as const;
        const evaluation = await labWorkers().start<'evaluate'>(job, { onEvent: receive }).result;
        if (!session.active) set({ evaluation, fullEvaluation: evaluation, progress: null, config });
      } catch (thrown) {
        set({ error: asLabError(thrown).toData(), progress: null });
      }
    },

    prepare: (config, measure = false) => {
      const { backend: before } = get();
      if (measure) set({ backend: null });
      const mine = {};
      wanted = mine;
      const preparing = labWorkers().start<'prepare'>(
        { kind: 'prepare', backend: config.backend, dataset: config.task.dataset, measure },
        {
          onEvent: (event) => {
            if (wanted === mine || event.type !== 'data') receive(event);
          },
        },
      );
      leaveEarlyData();
      preparing.result.then(
        ({ backend }) => set(get().phase === 'idle' ? { backend, error: null } : { backend }),
        (thrown: unknown) => {
          const error = asLabError(thrown).toData();
          const ofData = error.code.startsWith('E-DATASET');
          if (measure) set({ backend: before });
          if (ofData && wanted === mine) datasetStore.getState().fail(error);
          if (!session.active) set(ofData ? { progress: null } : { error, progress: null });
        },
      );
    },

    findSaved: async () => {
      try {
        if (get().phase !== 'idle') return;
        const found = await claimSavedRun();
        if (!found) return;
        const { run, checkpoint } = found;
        if (session.active || get().phase !== 'idle') return releaseRun(run.id);
        session.adopt(run.id, checkpoint);
        set({ saved: run });
      } catch (thrown) {
        set({ warnings: [...get().warnings, asLabError(thrown).toData()] });
      }
    },
  };
});

/** The run store in a component. */
export function useRun<T>(selector: (state: RunState) => T): T {
  return useStore(runStore, selector);
}
