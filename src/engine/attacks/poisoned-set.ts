import type { ExperimentConfig } from '../../core/config/schema.ts';
import { assertFitsDataset } from '../../core/config/dataset-check.ts';
import type { Dataset } from '../../core/datasets/dataset.ts';
import { datasetOfTask } from '../../core/datasets/subset.ts';
import { backdoorsOf } from '../../core/training/backdoor.ts';
import { type PoisonedSet, poisonedSet } from '../../core/training/poisoned-set.ts';
import { type PreparationContext, preparePoison } from './prepare.ts';

export interface PoisonedData {
  /** As the experiment reads it. */
  dataset: Dataset;
  set: PoisonedSet;
}

export interface PoisonedDataContext extends PreparationContext {
  /** Makes the backend ready; asked only by an attack that trains a surrogate. */
  prepareBackend: () => Promise<unknown>;
}

/**
 * What an experiment trains on, as a run of it makes it.
 * @param step whose batch is meant where the attack poisons each batch anew, from 1
 * @throws LabError E-CANCELLED; whatever the data, the trigger or the backend are refused with
 */
export async function poisonedDataOf(
  config: ExperimentConfig,
  whole: Dataset,
  step: number,
  { signal, emit, prepareBackend }: PoisonedDataContext,
): Promise<PoisonedData> {
  const dataset = datasetOfTask(whole, config.task);
  assertFitsDataset(config, dataset.info);
  const backdoors = backdoorsOf(config, dataset);
  const { enabled, injection } = config.attack;
  if (enabled && injection.kind === 'clean_label' && injection.epsilon > 0) await prepareBackend();
  const poisoned = await preparePoison(config, dataset, backdoors, { signal, emit });
  return { dataset, set: poisonedSet(config, dataset, backdoors, poisoned, step) };
}
