import { useCallback, useEffect, useRef, useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { runStore } from '../../state/run-store.ts';
import { labWorkers } from '../../state/workers.ts';
import type { SimilarImages } from '../../workers/pick-jobs.ts';

/** How many are looked for. */
export const SIMILAR = 24;

export interface SimilarState {
  /** What was found, and what it is like; null before a search and while one is under way. */
  found: (SimilarImages & { index: number }) | null;
  /** How far the search is, as a fraction; null without one. */
  progress: number | null;
  error: LabErrorData | null;
}

const NOTHING: SimilarState = { found: null, progress: null, error: null };

/** The run's model where it was made for this data; null leaves it to a clean one. */
async function weightsFor({ task }: ExperimentConfig): Promise<ModelWeights | null> {
  const kept = await runStore.getState().snapshotWeights();
  return kept?.config.task.dataset === task.dataset && kept.step > 0 ? kept.weights : null;
}

/** Looks for images that a model takes for alike. */
export function useSimilar(config: ExperimentConfig): SimilarState & {
  find: (index: number) => void;
  stop: () => void;
} {
  const [state, setState] = useState(NOTHING);
  const cancel = useRef<(() => void) | null>(null);
  const stop = useCallback(() => {
    cancel.current?.();
    cancel.current = null;
    setState(NOTHING);
  }, []);
  useEffect(() => () => cancel.current?.(), []);
  const find = useCallback(
    (index: number) => {
      cancel.current?.();
      let current = true;
      cancel.current = () => (current = false);
      setState({ ...NOTHING, progress: 0 });
      const search = async (): Promise<SimilarImages | null> => {
        const weights = await weightsFor(config);
        if (!current) return null;
        const { result, control } = labWorkers().start<'similar'>(
          { kind: 'similar', config, weights, index, count: SIMILAR },
          {
            onEvent: (event) => {
              if (current && event.type === 'progress' && event.stage === 'attack')
                setState({ ...NOTHING, progress: event.done / Math.max(1, event.total) });
            },
          },
        );
        cancel.current = () => {
          current = false;
          control({ action: 'cancel' });
        };
        return result;
      };
      search().then(
        (images) => {
          if (current && images) setState({ ...NOTHING, found: { ...images, index } });
        },
        (thrown: unknown) => {
          if (current) setState({ ...NOTHING, error: asLabError(thrown).toData() });
        },
      );
    },
    [config],
  );
  return { ...state, find, stop };
}
