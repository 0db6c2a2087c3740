/**
 * A sweep of attacks and defenses in the background: for each attack a short run, then each defense on its model. What is
 * done is kept in storage, so that a sweep that was stopped, or whose tab was closed, goes on with what is missing.
 */
import { createStore, useStore } from 'zustand';
import { withCell, cellOf, cellsAt, failedCell, type MatrixCell } from '../core/defenses/matrix.ts';
import type { DefenseConfig } from '../core/config/schema-defense.ts';
import { experimentSchema, type ExperimentConfig } from '../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { isOfMatrix, type Reproduction, REPRODUCTIONS } from '../core/experiment/reproductions.ts';
import { keptMatrix } from '../storage/kept-matrix.ts';
import type { JobHandle } from '../workers/client.ts';
import { chosenThreads } from './thread-choice.ts';
import { labWorkers } from './workers.ts';

const SEED = 1;

/** As in `lab reproduce matrix`. */
export const MATRIX_ATTACKS: readonly Reproduction[] = REPRODUCTIONS.filter(isOfMatrix);

/** How long each attack trains, and on how much. */
export const LENGTHS = {
  quick: { title: 'Quick: 40 steps, 500 test examples', steps: 40, testExamples: 500 },
  short: { title: 'Short: 250 steps, 2,000 test examples', steps: 250, testExamples: 2000 },
  full: { title: 'As reproduced', steps: null, testExamples: null },
} as const;

export type Length = keyof typeof LENGTHS;

export interface SweepState {
  phase: 'idle' | 'running' | 'stopping';
  length: Length;
  attacks: readonly string[];
  defenses: readonly DefenseConfig[];
  cells: readonly MatrixCell[];
  /** What is done now, in words; and how far that is, from 0 to 1. */
  doing: { words: string; done: number; secondsLeft: number | null } | null;
  error: LabErrorData | null;
  choose: (changes: Partial<Pick<SweepState, 'length' | 'attacks' | 'defenses'>>) => void;
  /** Reads what is kept of the sweep of this length. */
  restore: () => Promise<void>;
  start: () => void;
  stop: () => void;
  clear: () => Promise<void>;
}

/** An attack as the sweep trains it. */
export function sweepConfig({ config }: Reproduction, length: Length): ExperimentConfig {
  const { steps, testExamples } = LENGTHS[length];
  const training = { ...config.training, ...(steps !== null && { epochs: 1, max_batches: steps }) };
  const task = { ...config.task, ...(testExamples !== null && { test_examples: testExamples }) };
  return experimentSchema.parse({ ...config, seed: SEED, training, task });
}

/** Cells that a sweep still has to fill, row by row. */
export function missing({
  attacks,
  defenses,
  cells,
}: Pick<SweepState, 'attacks' | 'defenses' | 'cells'>): { attack: string; defenses: DefenseConfig[] }[] {
  return attacks
    .map((attack) => ({
      attack,
      defenses: defenses.filter(({ kind }) => cellsAt({ cells }, attack, kind).length === 0),
    }))
    .filter((row) => row.defenses.length > 0);
}

export const matrixStore = createStore<SweepState>()((set, get) => {
  let cancel: (() => void) | null = null;

  const watch = <Kind extends 'train-model' | 'defend'>(
    handle: JobHandle<Kind>,
  ): JobHandle<Kind>['result'] => {
    cancel = () => handle.control({ action: 'cancel' });
    return handle.result;
  };
  const keep = async (cell: MatrixCell): Promise<void> => {
    set({ cells: withCell(get().cells, cell) });
    await keptMatrix.save(get().length, cell);
  };

  const trainRow = (config: ExperimentConfig, title: string): Promise<ModelWeights> => {
    const job = { kind: 'train-model', config, threads: chosenThreads() } as const;
    let total = 1;
    return watch(
      labWorkers().start<'train-model'>(job, {
        onEvent: (event) => {
          if (event.type === 'started') total = Math.max(1, event.totalSteps);
          if (event.type !== 'step') return;
          set({
            doing: { words: `Training ${title}`, done: event.record.step / total, secondsLeft: null },
          });
        },
      }),
    );
  };

  const fill = async (attack: string, wanted: readonly DefenseConfig[]): Promise<void> => {
    const reproduction = MATRIX_ATTACKS.find(({ id }) => id === attack);
    if (!reproduction) return;
    const config = sweepConfig(reproduction, get().length);
    set({ doing: { words: `Training ${reproduction.title}`, done: 0, secondsLeft: null } });
    const weights = await trainRow(config, reproduction.title);
    for (const defense of wanted) {
      if (get().phase !== 'running') return;
      const words = `${defense.kind.replaceAll('_', ' ')} on ${reproduction.title}`;
      set({ doing: { words, done: 0, secondsLeft: null } });
      try {
        const job = {
          kind: 'defend',
          weights,
          config,
          knownTraining: true,
          defenses: [defense],
          seed: SEED,
          control: true,
          threads: chosenThreads(),
        } as const;
        const [result] = await watch(
          labWorkers().start<'defend'>(job, {
            onDefense: (event) => {
              if (event.type !== 'defense-progress') return;
              const { done, total, secondsLeft, stage } = event;
              const of = stage === 'control' ? `${words}, clean control` : words;
              set({ doing: { words: of, done: done / Math.max(1e-9, total), secondsLeft } });
            },
          }),
        );
        if (result) await keep(cellOf(attack, SEED, result));
      } catch (thrown) {
        const error = asLabError(thrown).toData();
        if (error.code === 'E-CANCELLED') throw thrown;
        if (error.code.startsWith('E-STORAGE') || error.code === 'E-QUOTA') throw thrown;
        await keep(failedCell(attack, defense.kind, SEED, error));
      }
    }
  };

  const sweep = async (): Promise<void> => {
    try {
      for (const { attack, defenses } of missing(get())) {
        if (get().phase !== 'running') break;
        await fill(attack, defenses);
      }
    } catch (thrown) {
      const error = asLabError(thrown).toData();
      if (error.code !== 'E-CANCELLED') set({ error });
    } finally {
      cancel = null;
      set({ phase: 'idle', doing: null });
    }
  };

  return {
    phase: 'idle',
    length: 'short',
    attacks: [],
    defenses: [],
    cells: [],
    doing: null,
    error: null,
    choose: (changes) => {
      if (get().phase !== 'idle') return;
      set(changes);
      if (changes.length) void get().restore();
    },
    restore: async () => {
      try {
        const { length } = get();
        const cells = await keptMatrix.load(length);
        if (get().length === length && get().phase === 'idle') set({ cells });
      } catch (thrown) {
        set({ error: asLabError(thrown).toData() });
      }
    },
    start: () => {
      if (get().phase !== 'idle') return;
      set({ phase: 'running', error: null });
      void sweep();
    },
    stop: () => {
      if (get().phase !== 'running') return;
      set({ phase: 'stopping' });
      cancel?.();
    },
    clear: async () => {
      if (get().phase !== 'idle') return;
      await keptMatrix.clear(get().length);
      set({ cells: [], error: null });
    },
  };
});

export function useMatrix<T>(selector: (state: SweepState) => T): T {
  return useStore(matrixStore, selector);
}
