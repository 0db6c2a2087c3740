import { useEffect, useRef, useState } from 'react';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { BenchModel } from '../../state/bench-models.ts';
import { labWorkers } from '../../state/workers.ts';
import type { JobHandle, JobListeners } from '../../workers/client.ts';
import type { Job, JobResults } from '../../workers/protocol.ts';

type SideKind = 'prune' | 'latent-map';

export interface SideJob<Kind extends SideKind> {
  result: JobResults[Kind] | null;
  /** From 0 to 1 while it runs; null while it does not. */
  done: number | null;
  error: LabErrorData | null;
  start: (job: (weights: Awaited<ReturnType<BenchModel['load']>>) => Extract<Job, { kind: Kind }>) => void;
  cancel: () => void;
}

/** One side job on a model, with its progress; it ends with the component. */
export function useSideJob<Kind extends SideKind>(model: BenchModel): SideJob<Kind> {
  const [result, setResult] = useState<JobResults[Kind] | null>(null);
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<LabErrorData | null>(null);
  const cancel = useRef<(() => void) | null>(null);
  useEffect(() => () => cancel.current?.(), []);
  const start: SideJob<Kind>['start'] = (jobOf) => {
    cancel.current?.();
    let stopped = false;
    let handle: JobHandle<Kind> | null = null;
    cancel.current = () => {
      stopped = true;
      handle?.control({ action: 'cancel' });
      setDone(null);
    };
    setError(null);
    setDone(0);
    const listeners: JobListeners = {
      onEvent: (event) => {
        if (event.type === 'progress' && event.stage === 'evaluation' && !stopped)
          setDone(event.done / Math.max(1e-9, event.total));
      },
    };
    const perform = async (): Promise<void> => {
      try {
        const weights = await model.load();
        if (stopped) return;
        handle = labWorkers().start<Kind>(jobOf(weights), listeners);
        const found = await handle.result;
        if (!stopped) setResult(found);
      } catch (thrown) {
        const data = asLabError(thrown).toData();
        if (!stopped && data.code !== 'E-CANCELLED') setError(data);
      }
      if (!stopped) setDone(null);
    };
    void perform();
  };
  return { result, done, error, start, cancel: () => cancel.current?.() };
}
