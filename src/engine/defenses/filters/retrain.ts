/** A model trained anew without what a filter flagged. */
import type { ModelWeights } from '../../../core/experiment/weights.ts';
import { inputShapeOf } from '../../../core/models/input-of.ts';
import { batchesPerEpoch, epochOrder } from '../../../core/training/order.ts';
import { LabError } from '../../../core/errors.ts';
import { initialWeights, Network } from '../../models/network.ts';
import { Optimizer } from '../../training/optimizer.ts';
import { trainingStep } from '../../training/step.ts';
import { breathe, type DefenseContext } from '../context.ts';

/**
 * As the model in question was trained: its epochs, optimizer and batch size, from random weights of its seed, on the
 * examples of the training set that are not flagged, under their labels.
 * @throws LabError E-DEFENSE where nothing is left or nobody knows how it was trained, E-CANCELLED
 */
export async function retrained(
  { weights, training, experiment, signal }: DefenseContext,
  flagged: readonly number[],
  onStep: (done: number, total: number) => void,
): Promise<ModelWeights> {
  const chosen = new Set(flagged);
  const left = Array.from({ length: training?.count ?? 0 }, (_, place) => place).filter(
    (place) => !chosen.has(place),
  );
  if (!training || !experiment || left.length === 0) {
    throw new LabError({
      code: 'E-DEFENSE',
      what: 'No model can be trained without what was flagged.',
      why: training && experiment ? 'Every example was flagged.' : 'Nobody knows how this model was trained.',
      fix: 'Leave out `retrain`, or give the experiment the model comes from.',
    });
  }
  const { seed, training: how } = experiment;
  const info = training.dataset.info;
  const network = new Network(initialWeights(weights.model, inputShapeOf(info), info.classes.length, seed));
  const optimizer = new Optimizer(how.optimizer, network.parameters);
  const perEpoch = batchesPerEpoch(left.length, how.batch_size, how.max_batches);
  const total = perEpoch * Math.max(1, how.epochs);
  let order: Uint32Array = new Uint32Array();
  try {
    for (let step = 0; step < total; step++) {
      await breathe(signal);
      if (step % perEpoch === 0) order = epochOrder(seed, 1 + step / perEpoch, left.length);
      const from = (step % perEpoch) * how.batch_size;
      const places = Array.from(order.subarray(from, from + how.batch_size), (at) => left[at] ?? 0);
      const batch = await training.read(places);
      const rate = how.optimizer.learning_rate;
      await trainingStep(network, optimizer, [{ objective: 'normal', batch }], null, rate, step + 1);
      onStep(step + 1, total);
    }
    return await network.weights();
  } finally {
    network.dispose();
    optimizer.dispose();
  }
}
