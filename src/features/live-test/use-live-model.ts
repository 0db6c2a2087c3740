import { useCallback, useEffect, useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { ModelWeights } from '../../core/experiment/weights.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { runStore } from '../../state/run-store.ts';
import { labWorkers } from '../../state/workers.ts';
import type { HeldModel } from '../../workers/look-jobs.ts';
import { type LayableTrigger, layableTrigger } from './lay-trigger.ts';

export type LiveModel =
  | { kind: 'loading' }
  /** Nothing was trained or brought in yet. */
  | { kind: 'none' }
  | { kind: 'failed'; error: LabErrorData }
  | {
      kind: 'ready';
      model: HeldModel;
      config: ExperimentConfig;
      trigger: LayableTrigger | null;
      title: string;
      step: number | null;
    };

interface Chosen {
  weights: ModelWeights;
  config: ExperimentConfig;
  title: string;
  step: number | null;
}

/** The model of the run as it is now, else one that was brought in. */
async function chosenModel(): Promise<Chosen | null> {
  const kept = await runStore.getState().snapshotWeights();
  if (kept) return { weights: kept.weights, config: kept.config, title: kept.config.name, step: kept.step };
  const { importedWeights } = runStore.getState();
  if (!importedWeights) return null;
  const { weights, fileName } = importedWeights;
  return { weights, config: experimentStore.getState().draft, title: fileName, step: null };
}

/** A model held by the worker until it is given another, and a way to take it as it is now. */
export function useLiveModel(): { state: LiveModel; takeNewest: () => void } {
  const [state, setState] = useState<LiveModel>({ kind: 'loading' });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    const open = async (): Promise<LiveModel> => {
      const chosen = await chosenModel();
      if (!chosen) return { kind: 'none' };
      const { weights, config, title, step } = chosen;
      const model = await labWorkers().start<'hold-model'>({ kind: 'hold-model', weights, config }).result;
      const trigger = layableTrigger(config, weights.trigger);
      return { kind: 'ready', model, config, trigger, title, step };
    };
    open().then(
      (opened) => {
        if (current) setState(opened);
      },
      (thrown: unknown) => {
        if (current) setState({ kind: 'failed', error: asLabError(thrown).toData() });
      },
    );
    return () => {
      current = false;
    };
  }, [turn]);
  return { state, takeNewest: useCallback(() => setTurn((before) => before + 1), []) };
}
