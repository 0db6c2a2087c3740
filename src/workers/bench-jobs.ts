/** Side jobs of the defense bench: what pruning does, where latents lie, and models that a matrix needs. */
import { assertFitsDataset } from '../core/config/dataset-check.ts';
import type { BackendChoice, ExperimentConfig } from '../core/config/schema.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import { datasetOfTask } from '../core/datasets/subset.ts';
import type { ScatterEvidence } from '../core/defenses/evidence.ts';
import { LabError } from '../core/errors.ts';
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { BackendReport, ExperimentEvent } from '../core/experiment/events.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import type { LatentMap } from '../engine/defenses/bench/latent-map.ts';
import type { PruningCurve, PruningOrder } from '../engine/defenses/bench/pruning-curve.ts';
import type { SpawnHelper } from '../engine/parallel/messages.ts';
import { RunController } from '../engine/training/controller.ts';

interface OnModel {
  weights: ModelWeights;
  /** Says data and trigger. */
  config: ExperimentConfig;
  seed: number;
}

/** Accuracy and attack success as channels go. */
export interface PruneJob extends OnModel {
  kind: 'prune';
  order: PruningOrder;
}

/** Latents of clean and triggered inputs in the plane. */
export interface LatentMapJob extends OnModel {
  kind: 'latent-map';
  map: LatentMap;
}

/** Trains beside what the page trains, keeps nothing, and gives the model. */
export interface TrainModelJob {
  kind: 'train-model';
  config: ExperimentConfig;
  threads: number | null;
}

export interface BenchJobGround {
  signal: AbortSignal;
  emit: (event: ExperimentEvent) => void;
  prepareBackend: (choice: BackendChoice) => Promise<BackendReport>;
  loadDataset: (id: string) => Promise<Dataset>;
  loadPretrained: (model: string, dataset: string) => Promise<ModelWeights>;
  helpers: { spawn: SpawnHelper; count: number };
}

const progressOf =
  ({ emit }: Pick<BenchJobGround, 'emit'>) =>
  (done: number, total: number): void =>
    emit({ type: 'progress', stage: 'evaluation', done, total, unit: 'parts' });

async function dataOf({ weights, config }: OnModel, ground: BenchJobGround): Promise<Dataset> {
  await ground.prepareBackend(config.backend);
  const dataset = datasetOfTask(await ground.loadDataset(config.task.dataset), config.task);
  assertFitsDataset(config, dataset.info);
  const { assertTakes } = await import('../engine/training/evaluate.ts');
  assertTakes(weights, dataset);
  return dataset;
}

/** @throws LabError E-DEFENSE without convolutions, E-SHAPE, E-CANCELLED */
export async function pruneJob(job: PruneJob, ground: BenchJobGround): Promise<PruningCurve> {
  const dataset = await dataOf(job, ground);
  const { pruningCurve } = await import('../engine/defenses/bench/pruning-curve.ts');
  const tools = { signal: ground.signal, progress: progressOf(ground), seed: job.seed };
  return pruningCurve(job.weights, job.config, dataset, job.order, tools);
}

/** @throws LabError E-SHAPE, E-CANCELLED */
export async function latentMapJob(job: LatentMapJob, ground: BenchJobGround): Promise<ScatterEvidence> {
  const dataset = await dataOf(job, ground);
  const { latentMap } = await import('../engine/defenses/bench/latent-map.ts');
  const tools = { signal: ground.signal, progress: progressOf(ground), seed: job.seed };
  return latentMap(job.weights, job.config, dataset, job.map, tools);
}

/** @throws LabError as a run is refused; E-NAN, E-CANCELLED */
export async function trainModelJob(
  { config }: TrainModelJob,
  { signal, emit, prepareBackend, loadDataset, loadPretrained, helpers }: BenchJobGround,
): Promise<ModelWeights> {
  const { runExperiment } = await import('../engine/training/run.ts');
  const kept: Checkpoint[] = [];
  await runExperiment(config, {
    signal,
    emit,
    storage: {
      save: (checkpoint) => Promise.resolve(void kept.splice(0, kept.length, checkpoint)),
      load: () => Promise.resolve(null),
    },
    controller: new RunController(),
    prepareBackend,
    loadDataset,
    loadPretrained,
    importedWeights: null,
    checkpoint: null,
    onNan: 'throw',
    helpers,
  });
  const [last] = kept;
  if (last) return last.weights;
  throw new LabError({
    code: 'E-INTERNAL',
    what: 'A run ended without its model.',
    why: 'It kept no checkpoint.',
    fix: 'Report this with the experiment.',
  });
}
