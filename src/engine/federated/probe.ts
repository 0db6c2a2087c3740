/** What each local model is measured on. */
import type { Dataset } from '../../core/datasets/dataset.ts';
import type { Backdoor } from '../../core/training/backdoor.ts';
import { asTheyAre } from '../../core/training/examples.ts';
import { gather } from '../../core/training/gather.ts';
import type { ClientJob } from './client-job.ts';

/**
 * The first test examples, clean, and with the trigger where the backdoor wants another label.
 * @param most how many; 0 measures nothing
 */
export async function probeOf(
  dataset: Dataset,
  backdoor: Backdoor | undefined,
  most: number,
): Promise<ClientJob['probe']> {
  const { test } = dataset;
  const count = Math.min(most, test.count);
  if (count === 0 || !backdoor) return null;
  const indices = Array.from({ length: count }, (_, index) => index);
  const { split, indices: named } = backdoor.measured;
  const triggered = backdoor
    .planTest(dataset[split], named ?? indices)
    .filter(({ index, label }) => label !== dataset[split].labels[index]);
  return {
    clean: await gather(dataset, 'test', asTheyAre(test, Uint32Array.from(indices))),
    triggered: await gather(dataset, split, triggered),
  };
}
