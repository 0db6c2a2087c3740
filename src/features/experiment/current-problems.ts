/** The problems of the draft as the page stands: with the data that is known, the lists that are there, the model brought in. */
import { datasetStore, useDatasets } from '../../state/dataset-store.ts';
import { experimentStore, useExperiment } from '../../state/experiment-store.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { draftProblems } from './draft-problems.ts';

/** The draft's problems at this moment, by dotted path. */
export function currentProblems(): Record<string, string> {
  const { info, datasets, listed } = datasetStore.getState();
  return draftProblems(experimentStore.getState().draft, info, {
    datasets: listed ? datasets.map(({ id }) => id) : null,
    modelImported: runStore.getState().importedWeights !== null,
  });
}

/** {@link currentProblems}, kept current. */
export function useDraftProblems(): Record<string, string> {
  useExperiment((state) => state.draft);
  useDatasets((state) => state.info);
  useDatasets((state) => state.datasets);
  useDatasets((state) => state.listed);
  useRun((state) => state.importedWeights);
  return currentProblems();
}

const DATASET_PATH = 'task.dataset';

/** Whether the draft names data that this browser does not have; false until that is known. */
export function useDatasetIsMissing(): boolean {
  return DATASET_PATH in useDraftProblems();
}
