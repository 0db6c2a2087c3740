/** The clean model beside the one in question: what a detector says of it is its false alarm. */
import { defaultConfig, type ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { inputShapeOf } from '../../core/models/input-of.ts';
import { trainClean } from '../attacks/surrogate.ts';
import { initialWeights } from '../models/network.ts';

export interface ControlGround {
  signal: AbortSignal;
  onStep: (done: number, total: number) => void;
  /** The shipped clean model of an architecture for a data set; rejects where there is none. */
  loadPretrained: (model: string, dataset: string) => Promise<ModelWeights>;
  /** Controls that were trained before; null trains each time. */
  cache: ControlCache | null;
}

export interface ControlCache {
  load(key: string): Promise<ModelWeights | null>;
  save(key: string, weights: ModelWeights): Promise<void>;
}

/**
 * The shipped clean model where there is one for this data set and architecture; else one that `trainClean`
 * trains by the experiment's optimizer from its seed, without its attack.
 * @param model the architecture of the model in question
 * @throws LabError E-CANCELLED
 */
export async function controlWeights(
  experiment: ExperimentConfig,
  model: ModelWeights['model'],
  dataset: Dataset,
  { signal, onStep, loadPretrained, cache }: ControlGround,
): Promise<ModelWeights> {
  const shipped = await loadPretrained(model, dataset.info.id).catch(() => null);
  if (shipped && shipped.inputShape.join() === inputShapeOf(dataset.info).join()) return shipped;
  const key = controlKey(experiment, model);
  const known = await cache?.load(key);
  if (known) return known;
  const start = initialWeights(
    model,
    inputShapeOf(dataset.info),
    dataset.info.classes.length,
    experiment.seed,
  );
  const network = await trainClean(experiment, dataset, start, Math.max(1, experiment.training.epochs), {
    signal,
    onStep,
  });
  try {
    const weights = await network.weights();
    await cache?.save(key, weights);
    return weights;
  } finally {
    network.dispose();
  }
}

/** What a control depends on, as text: it serves every experiment that differs in nothing else. */
export function controlKey({ seed, task, training, version }: ExperimentConfig, model: string): string {
  const { dataset, train_examples, text_length } = task;
  const of = { dataset, train_examples, text_length, model };
  return JSON.stringify({ version, seed, task: of, training: { ...defaultConfig.training, ...training } });
}
