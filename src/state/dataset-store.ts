/** The data set that the page shows, and those that can be chosen. The images themselves stay in the worker. */
import { createStore, useStore } from 'zustand';
import type { CustomDatasetFiles } from '../core/datasets/custom.ts';
import { type DatasetInfo, pixelsPerImage } from '../core/datasets/dataset.ts';
import { asLabError, type LabErrorData } from '../core/errors.ts';
import type { ExperimentEvent, DatasetSample } from '../core/experiment/events.ts';
import { keptDatasets } from '../storage/dataset-store.ts';
import type { BringFilesJob } from '../workers/protocol.ts';
import { type DatasetChoice, SHIPPED } from './shipped-datasets.ts';
import { labWorkers } from './workers.ts';

/** How many test images the painter previews. */
const PREVIEWS = 8;

/** What comes of files while they are read. */
export interface WatchFiles {
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
  onWarning: (warning: LabErrorData) => void;
}

export interface DatasetState {
  info: DatasetInfo | null;
  status: 'loading' | 'ready' | 'failed';
  /** Examples that have arrived, of all. */
  loaded: { done: number; total: number };
  /** The first test examples, for the trigger's previews; a new object only when they change. */
  previews: DatasetSample | null;
  error: LabErrorData | null;
  datasets: readonly DatasetChoice[];
  /** Whether `datasets` holds those of this browser too, so that one not in it is not here. */
  listed: boolean;
  /** Reads a person's files, keeps them and lists them. @throws LabError E-DATASET, E-QUOTA, E-STORAGE */
  addCustom: (files: CustomDatasetFiles) => Promise<DatasetInfo>;
  /** Reads files of any layout that the lab knows, keeps them and lists them. @throws LabError E-DATASET, E-QUOTA, E-STORAGE, E-CANCELLED */
  addFiles: (files: Omit<BringFilesJob, 'kind'>, watch: WatchFiles) => Promise<DatasetInfo>;
  /** Takes up what a worker says of the data that arrives. */
  receive: (event: Extract<ExperimentEvent, { type: 'data' }>) => void;
  fail: (error: LabErrorData) => void;
  listKept: () => Promise<void>;
}

export const datasetStore = createStore<DatasetState>()((set, get) => ({
  info: null,
  status: 'loading',
  loaded: { done: 0, total: 0 },
  previews: null,
  error: null,
  datasets: SHIPPED,
  listed: false,
  addCustom: async ({ title, train, test }) => {
    const job = { kind: 'bring-data', title, train, test: test ?? null } as const;
    const info = await labWorkers().start<'bring-data'>(job).result;
    set({ datasets: listedWith(info, get().datasets) });
    return info;
  },
  addFiles: async (files, { signal, onProgress, onWarning }) => {
    const { result, control } = labWorkers().start<'bring-files'>(
      { kind: 'bring-files', ...files },
      {
        onEvent: (event) => {
          if (event.type === 'progress') onProgress(event.total > 0 ? event.done / event.total : 0);
          if (event.type === 'warning') onWarning(event.warning);
        },
      },
    );
    signal.addEventListener('abort', () => control({ action: 'cancel' }), { once: true });
    const info = await result;
    set({ datasets: listedWith(info, get().datasets) });
    return info;
  },
  receive: (event) => {
    const { info: known } = get();
    const info = known?.id === event.info.id ? known : event.info;
    const loaded = { done: event.loaded, total: event.total };
    const status = event.loaded === event.total ? 'ready' : 'loading';
    if (!event.sample) {
      set({ info, loaded, status, error: null });
      return;
    }
    set({ info, loaded, status, error: null, previews: firstOf(event.sample, info) });
  },
  fail: (error) => set({ status: 'failed', error }),
  listKept: async () => {
    try {
      set({ datasets: [...SHIPPED, ...(await keptDatasets())], listed: true });
    } catch (thrown) {
      // Without storage there is nothing kept; what is shipped stays.
      if (asLabError(thrown).code !== 'E-STORAGE') throw thrown;
      set({ listed: true });
    }
  },
}));

function listedWith({ id, title, kind }: DatasetInfo, listed: readonly DatasetChoice[]): DatasetChoice[] {
  return [...listed.filter((one) => one.id !== id), { id, title, kind }];
}

function firstOf(all: DatasetSample, info: DatasetInfo): DatasetSample {
  if (!('images' in all) || info.kind !== 'images') return all;
  return {
    images: all.images.slice(0, PREVIEWS * pixelsPerImage(info.shape)),
    labels: all.labels.slice(0, PREVIEWS),
  };
}

/** The data set store in a component. */
export function useDatasets<T>(selector: (state: DatasetState) => T): T {
  return useStore(datasetStore, selector);
}
