/**
 * The models that defenses can be run on: the run of the page as it is now, those of this session before it, those that this
 * browser keeps, and what was brought from files. Weights are fetched when they are wanted.
 */
import { createStore, useStore } from 'zustand';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { LabError } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { experimentOfModel } from '../core/formats/model-experiment.ts';
import { modelFromFile } from '../core/formats/model-file.ts';
import type { RunSeries } from '../core/series/runSeries.ts';
import { keptRuns } from '../storage/kept-runs.ts';
import { experimentStore } from './experiment-store.ts';
import { runStore } from './run-store.ts';

export type ModelOrigin = 'live' | 'session' | 'kept' | 'imported';

export interface BenchModel {
  id: string;
  origin: ModelOrigin;
  title: string;
  /** Optimizer steps; null for a model from a file. */
  step: number | null;
  config: ExperimentConfig;
  /** Whether `config` is how it was trained; else it only says data and trigger. */
  knownTraining: boolean;
  /** @throws LabError E-MODEL, E-STORAGE when they are gone */
  load: () => Promise<ModelWeights>;
}

/** Earlier runs and imported models that are held at most. */
const MOST = 6;

interface BenchModels {
  /** Newest first. */
  session: BenchModel[];
  kept: BenchModel[];
  imported: BenchModel[];
  /** Looks what storage keeps. @throws LabError E-STORAGE */
  refresh: () => Promise<void>;
  /** Reads a model file, with its experiment where it says one. @throws LabError E-MODEL, E-SHAPE */
  bring: (name: string, bytes: Uint8Array) => BenchModel;
}

export const benchModels = createStore<BenchModels>()((set, get) => ({
  session: [],
  kept: [],
  imported: [],

  refresh: async () => {
    const runs = await keptRuns.list();
    set({
      kept: runs
        .filter(({ step }) => step > 0)
        .map(({ id, name, step, config }) => ({
          id: `kept-${id}`,
          origin: 'kept',
          title: name,
          step,
          config,
          knownTraining: true,
          load: async () => (await keptRuns.load(id))?.weights ?? gone(name),
        })),
    });
  },

  bring: (name, bytes) => {
    const weights = modelFromFile(name, bytes);
    const experiment = experimentOfModel(name, bytes);
    const model: BenchModel = {
      id: `imported-${name}`,
      origin: 'imported',
      title: name,
      step: null,
      config: experiment ?? experimentStore.getState().draft,
      knownTraining: experiment !== null,
      load: () => Promise.resolve(weights),
    };
    const others = get().imported.filter(({ id }) => id !== model.id);
    set({ imported: [model, ...others].slice(0, MOST) });
    return model;
  },
}));

export function useBenchModels<T>(selector: (state: BenchModels) => T): T {
  return useStore(benchModels, selector);
}

function gone(name: string): never {
  throw new LabError({
    code: 'E-MODEL',
    what: `The model of ${name} is gone.`,
    why: 'Another tab, or a newer run, has taken its place in storage.',
    fix: 'Choose another model, or train it again.',
  });
}

const ids = new WeakMap<RunSeries, string>();
let runs = 0;

/** Holds the last state of each run of this session when it ends; call it once. */
export function rememberRuns(): void {
  runStore.subscribe(({ phase, series, config, step }, before) => {
    const ended = phase === 'done' || phase === 'stopped' || phase === 'failed';
    if (!ended || phase === before.phase || !config || step === 0) return;
    const id = ids.get(series) ?? `session-${++runs}`;
    ids.set(series, id);
    void runStore
      .getState()
      .snapshotWeights()
      .then((checkpoint) => {
        if (!checkpoint || checkpoint.step === 0) return;
        const model: BenchModel = {
          id,
          origin: 'session',
          title: checkpoint.config.name,
          step: checkpoint.step,
          config: checkpoint.config,
          knownTraining: true,
          load: () => Promise.resolve(checkpoint.weights),
        };
        const others = benchModels.getState().session.filter((one) => one.id !== id);
        benchModels.setState({ session: [model, ...others].slice(0, MOST) });
      });
  });
}

/** The run of the page as it is at this moment; null before its first step. */
export function liveModel(): BenchModel | null {
  const { config, step } = runStore.getState();
  if (!config || step === 0) return null;
  return {
    id: 'live',
    origin: 'live',
    title: config.name,
    step,
    config,
    knownTraining: true,
    load: async () => (await runStore.getState().snapshotWeights())?.weights ?? gone(config.name),
  };
}

/** The model that the lab's import dialog took as starting weights; null without one. */
export function startingModel(): BenchModel | null {
  const { importedWeights } = runStore.getState();
  if (!importedWeights) return null;
  const { fileName, weights } = importedWeights;
  return {
    id: `imported-${fileName}`,
    origin: 'imported',
    title: fileName,
    step: null,
    config: { ...experimentStore.getState().draft },
    knownTraining: false,
    load: () => Promise.resolve(weights),
  };
}

/** All of them, each once: the live run before what is remembered or kept of it. */
export function listModels(
  live: BenchModel | null,
  starting: BenchModel | null,
  { session, kept, imported }: Pick<BenchModels, 'session' | 'kept' | 'imported'>,
): BenchModel[] {
  const all = [...(live ? [live] : []), ...session, ...imported, ...(starting ? [starting] : []), ...kept];
  const key = ({ origin, id, title, step, config }: BenchModel): string =>
    origin === 'imported' ? id : JSON.stringify([title, step, config]);
  const seen = new Set<string>();
  return all.filter((model) => {
    const fresh = !seen.has(key(model));
    seen.add(key(model));
    return fresh;
  });
}
