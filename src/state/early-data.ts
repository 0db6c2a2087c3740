/** The data that most people open the lab with, asked for before the page knows which experiment it holds. */
import { datasetStore } from './dataset-store.ts';
import { labWorkers } from './workers.ts';

/** Of the first preset, and of every link that names no other. */
const DATASET = 'mnist';

let end: (() => void) | null = null;

/** Starts the training worker with the load; the data set store takes up what comes. */
export function loadEarly(): void {
  const loading = labWorkers().start<'load-data'>(
    { kind: 'load-data', dataset: DATASET },
    {
      onEvent: (event) => {
        if (event.type === 'data') datasetStore.getState().receive(event);
      },
    },
  );
  end = () => loading.control({ action: 'cancel' });
  // Whoever prepares the experiment meets the same fault, and tells it.
  loading.result.catch(() => undefined);
}

/**
 * Ends it; the load itself goes on for the jobs that have joined it. Call it once such a job is on its way: what was
 * told before that job joined still comes here, and all of it before the end.
 */
export function leaveEarlyData(): void {
  end?.();
  end = null;
}
