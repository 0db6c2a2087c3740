/** How a model does on the examples that the defender does not hold: the truth, for metrics alone. */
import type { Performance } from '../../core/statistics/defense-effectiveness.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import { asTheyAre, type PlannedExample } from '../../core/training/examples.ts';
import { gather } from '../../core/training/gather.ts';
import { Network } from '../models/network.ts';
import { probabilitiesOf } from '../parallel/perform.ts';
import { Predictions, Tally } from '../training/tally.ts';
import { breathe } from './context.ts';

/** Fractions; those of the attack are null where there is nothing to count. */
export interface Measured {
  cleanAccuracy: number;
  attackSuccess: number | null;
  robustAccuracy: number | null;
  /** Examples of the clean accuracy, and of the two others. */
  examples: number;
  attacked: number;
}

const CHUNK = 500;

/**
 * Clean accuracy, attack success and R-accuracy.
 * @param indices test examples to measure on; a backdoor that is measured on examples of its own uses those
 * @throws LabError E-CANCELLED
 */
export async function measureModel(
  weights: ModelWeights,
  dataset: Dataset,
  backdoor: Backdoor,
  indices: Uint32Array,
  signal: AbortSignal,
): Promise<Measured> {
  const network = new Network(weights);
  const tallyOf = async (split: 'train' | 'test', planned: readonly PlannedExample[]): Promise<Tally> => {
    const tally = new Tally(dataset.info.classes.length);
    for (let start = 0; start < planned.length; start += CHUNK) {
      await breathe(signal);
      const part = planned.slice(start, start + CHUNK);
      const batch = await gather(dataset, split, part);
      const rows = await probabilitiesOf(network, batch.images, batch.count);
      const truth = part.map(({ index }) => dataset[split].labels[index] ?? 0);
      tally.add(truth, batch.labels, new Predictions(rows, network.classes));
    }
    return tally;
  };
  try {
    const clean = await tallyOf('test', asTheyAre(dataset.test, indices));
    const { split, indices: own } = backdoor.measured;
    const triggered = await tallyOf(split, backdoor.planTest(dataset[split], own ?? indices));
    const { attackSuccess, robustAccuracy } = triggered.figures;
    return {
      cleanAccuracy: clean.accuracy.value,
      attackSuccess: attackSuccess.value,
      robustAccuracy: robustAccuracy.value,
      examples: clean.accuracy.n,
      attacked: attackSuccess.n,
    };
  } finally {
    network.dispose();
  }
}

/** Null where there was no input to attack. */
export function performanceOf({ cleanAccuracy, attackSuccess }: Measured): Performance | null {
  return attackSuccess === null ? null : { cleanAccuracy, attackSuccess };
}
