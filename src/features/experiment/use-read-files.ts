import { useEffect, useRef, useState } from 'react';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import { datasetStore } from '../../state/dataset-store.ts';
import { notifyDone } from '../../ui/notify.tsx';
import type { BringFilesJob } from '../../workers/protocol.ts';
import { takeDataset } from './take-dataset.ts';

export interface ReadFiles {
  read: (files: Omit<BringFilesJob, 'kind'>) => Promise<void>;
  stop: () => void;
  /** A fraction; null while nothing is read. */
  progress: number | null;
  error: LabErrorData | null;
  /** Shows what went wrong before there was anything to read. */
  fail: (thrown: unknown) => void;
  /** What was left out. */
  warnings: readonly LabErrorData[];
}

/**
 * Reads files into a data set and chooses it for the next run.
 * @param onDone called when all was read, with nothing left out to be told of
 */
export function useReadFiles(onDone: () => void): ReadFiles {
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<LabErrorData | null>(null);
  const [warnings, setWarnings] = useState<LabErrorData[]>([]);
  const abort = useRef<AbortController | null>(null);
  // A dialog that is closed stops what it began.
  useEffect(() => () => abort.current?.abort(), []);

  const read = async (files: Omit<BringFilesJob, 'kind'>): Promise<void> => {
    const aborting = new AbortController();
    abort.current = aborting;
    setProgress(0);
    setError(null);
    setWarnings([]);
    const left: LabErrorData[] = [];
    try {
      const info = await datasetStore.getState().addFiles(files, {
        signal: aborting.signal,
        onProgress: setProgress,
        onWarning: (warning) => {
          left.push(warning);
          setWarnings([...left]);
        },
      });
      takeDataset(info);
      notifyDone(`${info.title} is ready, and chosen for the next run.`);
      // What was left out is read before the dialog goes.
      if (left.length === 0) onDone();
    } catch (thrown) {
      const failed = asLabError(thrown);
      if (failed.code !== 'E-CANCELLED') setError(failed.toData());
    } finally {
      abort.current = null;
      setProgress(null);
    }
  };
  return {
    read,
    stop: () => abort.current?.abort(),
    progress,
    error,
    fail: (thrown) => setError(asLabError(thrown).toData()),
    warnings,
  };
}
