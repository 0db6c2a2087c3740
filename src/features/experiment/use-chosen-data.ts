import { useDatasets } from '../../state/dataset-store.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import type { DatasetChoice } from '../../state/shipped-datasets.ts';

/**
 * The data set that the draft names, while another may still be shown; null where it is not here or not known yet.
 */
export function useChosenData(): DatasetChoice | null {
  const id = useExperiment((state) => state.draft.task.dataset);
  return useDatasets(
    ({ datasets, info }) => datasets.find((one) => one.id === id) ?? (info?.id === id ? info : null),
  );
}
