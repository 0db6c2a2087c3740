/** The defense bench: a queue of defenses on models, one at a time, and detectors that follow a run. */
import { createStore, useStore } from 'zustand';
import type { DefenseConfig } from '../core/config/schema-defense.ts';
import { asLabError } from '../core/errors.ts';
import type { JobHandle } from '../workers/client.ts';
import { type BenchModel, liveModel } from './bench-models.ts';
import { changedTrial, endedTrial, type Trial } from './bench-trials.ts';
import { runStore } from './run-store.ts';
import { chosenThreads } from './thread-choice.ts';
import { labWorkers } from './workers.ts';

/** Views update at most this often while a defense tells how far it is. */
const VIEW_INTERVAL_MS = 100;

/** Of the methods. */
const SEED = 1;

export interface Wanted {
  model: BenchModel;
  defense: DefenseConfig;
  variant: string | null;
}

interface BenchState {
  /** Newest first. */
  trials: readonly Trial[];
  /** The one whose evidence is open. */
  opened: number | null;
  /** Puts defenses on the queue. @returns ids of the trials */
  enqueue: (wanted: readonly Wanted[], compare?: boolean) => number[];
  /** Ends a trial within a step, or takes it off the queue. */
  cancel: (id: number) => void;
  cancelAll: () => void;
  remove: (id: number) => void;
  open: (id: number | null) => void;
  /** Runs a detector again at each evaluation of the run, with other parameters if given. */
  follow: (id: number, on: boolean, defense?: DefenseConfig) => void;
}

let lastId = 0;

export const benchStore = createStore<BenchState>()((set, get) => {
  let current: { id: number; handle: JobHandle<'defend'> | null; stop: boolean } | null = null;

  const change = (id: number, changes: Partial<Trial>): void =>
    set({ trials: get().trials.map((one) => (one.id === id ? { ...one, ...changes } : one)) });
  const find = (id: number): Trial | undefined => get().trials.find((one) => one.id === id);

  /** One job; `control` says whether the clean model is asked too. */
  const perform = async (trial: Trial, model: BenchModel, control: boolean): Promise<void> => {
    const { id, defense } = trial;
    const running: NonNullable<typeof current> = { id, handle: null, stop: false };
    current = running;
    change(id, { phase: 'running', progress: null, error: null });
    let told = 0;
    try {
      const weights = await model.load();
      if (running.stop) throw new DOMException('stopped', 'AbortError');
      const handle = labWorkers().start<'defend'>(
        {
          kind: 'defend',
          weights,
          config: model.config,
          knownTraining: model.knownTraining,
          defenses: [defense],
          seed: SEED,
          control,
          threads: chosenThreads(),
        },
        {
          onDefense: (event) => {
            const now = performance.now();
            if (event.type === 'defense-progress' && event.done < event.total) {
              if (now - told < VIEW_INTERVAL_MS) return;
              told = now;
            }
            const trialNow = find(id);
            if (trialNow) change(id, changedTrial(trialNow, event));
          },
        },
      );
      running.handle = handle;
      const [result] = await handle.result;
      const ended = find(id);
      if (result && ended) {
        const kept = result.control ?? ended.result?.control ?? null;
        change(id, endedTrial(ended, { ...result, control: kept }, ended.follows ? model.step : null));
      }
    } catch (thrown) {
      const error = asLabError(thrown).toData();
      const stopped = running.stop || error.code === 'E-CANCELLED';
      change(
        id,
        stopped
          ? { phase: find(id)?.result ? 'done' : 'stopped', progress: null, follows: false }
          : { phase: 'failed', progress: null, error, follows: false },
      );
    } finally {
      current = null;
    }
    advance();
  };

  /** The newest evaluation that a following detector has looked at. */
  const seen = new Map<number, number>();

  const advance = (): void => {
    if (current) return;
    const next = get().trials.findLast(({ phase }) => phase === 'waiting');
    if (next) {
      void perform(next, next.model, true);
      return;
    }
    const step = runStore.getState().evaluation?.step ?? 0;
    const live = liveModel();
    const follower = get().trials.find(({ id, follows }) => follows && seen.get(id) !== step);
    if (!follower || !live || step === 0) return;
    seen.set(follower.id, step);
    // The control was asked once: its verdict does not change with the run.
    void perform(follower, { ...live, step }, follower.result === null);
  };

  runStore.subscribe(({ evaluation }, before) => {
    if (evaluation !== before.evaluation) advance();
  });

  return {
    trials: [],
    opened: null,
    enqueue: (wanted, compare = false) => {
      const comparison = compare ? lastId + 1 : null;
      const fresh = wanted.map(({ model, defense, variant }): Trial => ({
        id: ++lastId,
        model,
        defense,
        variant,
        comparison,
        phase: 'waiting',
        progress: null,
        evidence: [],
        result: null,
        error: null,
        follows: false,
        looks: [],
      }));
      const [first] = fresh;
      set({ trials: [...fresh.toReversed(), ...get().trials], opened: first?.id ?? get().opened });
      advance();
      return fresh.map(({ id }) => id);
    },
    cancel: (id) => {
      if (current?.id === id) {
        current.stop = true;
        current.handle?.control({ action: 'cancel' });
      } else if (find(id)?.phase === 'waiting') change(id, { phase: 'stopped' });
    },
    cancelAll: () => {
      for (const { id, phase } of get().trials) if (phase === 'waiting') change(id, { phase: 'stopped' });
      if (current) get().cancel(current.id);
    },
    remove: (id) => {
      get().cancel(id);
      const { trials, opened } = get();
      set({ trials: trials.filter((one) => one.id !== id), opened: opened === id ? null : opened });
    },
    open: (opened) => set({ opened }),
    follow: (id, follows, defense) => {
      change(id, { follows, ...(defense && { defense }) });
      advance();
    },
  };
});

export function useBench<T>(selector: (state: BenchState) => T): T {
  return useStore(benchStore, selector);
}
