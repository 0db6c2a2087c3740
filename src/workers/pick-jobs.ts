/** Picking images with a feature: looking through the training set, and finding what a model takes for alike. */
import { assertFitsDataset } from '../core/config/dataset-check.ts';
import type { ExperimentConfig } from '../core/config/schema.ts';
import type { Dataset } from '../core/datasets/dataset.ts';
import { datasetOfTask } from '../core/datasets/subset.ts';
import { ExampleSet } from '../core/defenses/example-set.ts';
import { cancelledError } from '../core/errors.ts';
import type { ModelWeights } from '../core/experiment/weights.ts';
import { nearestRows, type Neighbour } from '../core/statistics/nearest-rows.ts';
import { type BrowsedImages, browseImages, type BrowseWish } from '../core/training/browse.ts';
import type { ControlCache } from '../engine/defenses/control.ts';
import type { Rows } from '../engine/defenses/filters/label-latents.ts';
import type { KeptLatents } from './kept-latents.ts';

/** Show training images. */
export interface BrowseJob {
  kind: 'browse';
  task: ExperimentConfig['task'];
  wish: BrowseWish;
}

/** Find the training images nearest to one in the latents of a model. */
export interface SimilarJob {
  kind: 'similar';
  config: ExperimentConfig;
  /** Null takes a clean model: the shipped one, or one that is trained for the purpose. */
  weights: ModelWeights | null;
  index: number;
  count: number;
}

/** The nearest first, with what each looks like. */
export interface SimilarImages extends BrowsedImages {
  /** [images] */
  distances: number[];
  /** Whose latents these are: the given model’s, or those of a clean one. */
  of: 'given' | 'clean';
}

export interface PickGround {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
  loadPretrained: (model: string, dataset: string) => Promise<ModelWeights>;
  cache: ControlCache;
  /** What the last question computed. */
  latents: KeptLatents;
}

/** Epochs of a clean model that only tells images apart. */
const QUICK_EPOCHS = 1;

/** @throws LabError E-DATASET, E-STORAGE */
export function browse({ task, wish }: BrowseJob, whole: Dataset): Promise<BrowsedImages> {
  return browseImages(datasetOfTask(whole, task), wish);
}

/** @throws LabError E-DATASET, E-SHAPE, E-MODEL, E-CANCELLED */
export async function similar(
  { config: given, weights, index, count }: SimilarJob,
  whole: Dataset,
  { signal, onProgress, loadPretrained, cache, latents }: PickGround,
): Promise<SimilarImages> {
  const { currentBackend } = await import('../engine/backend/current.ts');
  const { Network } = await import('../engine/models/network.ts');
  const { assertTakes } = await import('../engine/training/evaluate.ts');
  const { controlWeights } = await import('../engine/defenses/control.ts');
  const { latentsOf } = await import('../engine/defenses/filters/label-latents.ts');
  const config = { ...given, training: { ...given.training, epochs: QUICK_EPOCHS } };
  const dataset = datasetOfTask(whole, config.task);
  assertFitsDataset(config, dataset.info);
  const chosen =
    weights ??
    (await controlWeights(config, config.task.model, dataset, {
      signal,
      onStep: onProgress,
      loadPretrained,
      cache,
    }));
  assertTakes(chosen, dataset);
  if (signal.aborted) throw cancelledError();
  const total = dataset.train.count;
  const compute = async (): Promise<Rows> => {
    const network = new Network(chosen);
    try {
      const places = Array.from({ length: total }, (_, place) => place);
      let done = 0;
      const examples = ExampleSet.of(dataset, 'train', places);
      const onChunk = (count: number): void => onProgress((done += count), total);
      return await latentsOf(network, examples, places, signal, onChunk);
    } finally {
      network.dispose();
    }
  };
  const length = dataset.info.kind === 'text' ? dataset.info.length : 0;
  const key = { weights: chosen, dataset: whole, rest: [total, length, currentBackend()].join() };
  const { values, width } = await latents.take(key, compute);
  const found: Neighbour[] = nearestRows(values, width, index, count);
  const shown = await browseImages(dataset, { indices: found.map(({ row }) => row) });
  const distances = found.map(({ distance }) => distance);
  return { ...shown, distances, of: weights ? 'given' : 'clean' };
}
