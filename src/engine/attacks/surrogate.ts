import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { cancelledError } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { inputShapeOf } from '../../core/models/input-of.ts';
import { randomStream } from '../../core/rng/random.ts';
import { TaskSource } from '../../core/training/tasks.ts';
import { initialWeights, Network } from '../models/network.ts';
import { Optimizer } from '../training/optimizer.ts';
import { trainingStep } from '../training/step.ts';
import { yieldTask } from '../training/yield-task.ts';

export interface SurrogateProgress {
  signal: AbortSignal;
  onStep: (done: number, total: number) => void;
}

/**
 * A clean model of the experiment's architecture, trained as the experiment trains but for `epochs` epochs, from weights
 * and in an order of its own: what an attacker has who does not know the victim's weights. The caller disposes it.
 * @throws LabError E-CANCELLED within one step when the signal aborts
 */
export async function trainSurrogate(
  config: ExperimentConfig,
  dataset: Dataset,
  epochs: number,
  { signal, onStep }: SurrogateProgress,
): Promise<Network> {
  const seed = randomStream(config.seed, 'surrogate').int(0, 4294967295);
  const weights = initialWeights(
    config.task.model,
    inputShapeOf(dataset.info),
    dataset.info.classes.length,
    seed,
  );
  return trainClean({ ...config, seed }, dataset, weights, epochs, { signal, onStep });
}

/**
 * A model trained by the experiment's optimizer at its constant rate, in its order, batches and augmentation, without its attack, for
 * `epochs` epochs from `weights`: no schedule, no private training, no frozen layers. The caller disposes it.
 * @throws LabError E-CANCELLED within one step when the signal aborts
 */
export async function trainClean(
  config: ExperimentConfig,
  dataset: Dataset,
  weights: ModelWeights,
  epochs: number,
  { signal, onStep }: SurrogateProgress,
): Promise<Network> {
  const clean = { ...config, attack: { ...config.attack, enabled: false } };
  const source = new TaskSource(clean, dataset, []);
  const network = new Network(weights);
  const optimizer = new Optimizer(config.training.optimizer, network.parameters);
  const total = epochs * source.stepsPerEpoch;
  try {
    for (let step = 0; step < total; step++) {
      if (signal.aborted) throw cancelledError();
      const epoch = 1 + Math.floor(step / source.stepsPerEpoch);
      const { tasks } = await source.step(epoch, step % source.stepsPerEpoch, false);
      await trainingStep(network, optimizer, tasks, null, config.training.optimizer.learning_rate, step + 1);
      onStep(step + 1, total);
      await yieldTask();
    }
    return network;
  } catch (thrown) {
    network.dispose();
    throw thrown;
  } finally {
    optimizer.dispose();
  }
}
