/** Defenses on a model, in a worker: partial evidence and progress as they come. */
import type { DefenseConfig } from '../core/config/schema-defense.ts';
import type { ExperimentConfig } from '../core/config/schema.ts';
import { assertFitsDataset } from '../core/config/dataset-check.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import { datasetOfTask } from '../core/datasets/subset.ts';
import type { DefenseEvent } from '../core/defenses/events.ts';
import type { DefenseResult } from '../core/defenses/result.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import type { ControlCache } from '../engine/defenses/control.ts';
import type { SpawnHelper } from '../engine/parallel/messages.ts';

export interface DefendJob {
  kind: 'defend';
  weights: ModelWeights;
  /** Says data and trigger, and, where `knownTraining`, what the model was trained on and how. */
  config: ExperimentConfig;
  /** False for a model that was imported without its experiment. */
  knownTraining: boolean;
  defenses: readonly DefenseConfig[];
  /** Of the methods. */
  seed: number;
  /** Whether each runs on a clean model too. */
  control: boolean;
  /** Threads that may share the work, null for as many as pay. */
  threads: number | null;
}

export interface DefendGround {
  signal: AbortSignal;
  tell: (event: DefenseEvent) => void;
  dataset: Dataset;
  loadPretrained: (model: string, dataset: string) => Promise<ModelWeights>;
  cache: ControlCache;
  helpers: { spawn: SpawnHelper; count: number };
}

/** @throws LabError E-DEFENSE, E-CANCELLED, and as data and trigger are refused */
export async function defendJob(
  { weights, config, knownTraining, defenses, seed, control }: DefendJob,
  { signal, tell, dataset: whole, loadPretrained, cache, helpers }: DefendGround,
): Promise<DefenseResult[]> {
  const { runDefenses } = await import('../engine/defenses/run-defenses.ts');
  const { controlWeights } = await import('../engine/defenses/control.ts');
  const dataset = datasetOfTask(whole, config.task);
  assertFitsDataset(config, dataset.info);
  const clean = (onStep: (done: number, total: number) => void): Promise<ModelWeights> =>
    controlWeights(config, weights.model, dataset, { signal, onStep, loadPretrained, cache });
  return runDefenses(
    {
      weights,
      defenses,
      experiment: config,
      knownTraining,
      dataset,
      seed,
      control: control ? clean : null,
    },
    { signal, emit: tell, helpers },
  );
}

/** Controls that this worker has trained; the newest few. */
export function rememberedControls(most = 3): ControlCache {
  const kept = new Map<string, ModelWeights>();
  return {
    load: (key) => Promise.resolve(kept.get(key) ?? null),
    save: (key, weights) => {
      kept.delete(key);
      kept.set(key, weights);
      for (const oldest of [...kept.keys()].slice(0, -most)) kept.delete(oldest);
      return Promise.resolve();
    },
  };
}
