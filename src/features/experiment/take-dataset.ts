import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { onDataset } from './on-dataset.ts';

/** Chooses a data set for the next run, in one step of undo. */
export function takeDataset(chosen: Pick<DatasetInfo, 'id' | 'kind'>): void {
  const { draft, presetId, setConfig } = experimentStore.getState();
  setConfig(onDataset(draft, chosen), presetId);
}
