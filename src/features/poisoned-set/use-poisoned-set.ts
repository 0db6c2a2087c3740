import { useEffect, useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import type { RowFilter } from '../../core/training/poisoned-set.ts';
import { labWorkers } from '../../state/workers.ts';
import type { PoisonPage } from '../../workers/poison-jobs.ts';

/** Rows of a page. */
export const PAGE_ROWS = 48;

/** What is asked for: rows of a filter, and for attacks that poison each batch anew, of which step. */
export interface PoisonView {
  step: number;
  filter: RowFilter;
  /** From 0. */
  page: number;
}

export interface PoisonedSetState {
  /** The last page that came; it stays while the next is on its way. */
  page: PoisonPage | null;
  busy: boolean;
  /** What the attack has to prepare before, as a fraction; null while nothing is told. */
  prepared: number | null;
  error: LabErrorData | null;
}

/** Rows of the training set as the attack of an experiment leaves it. */
export function usePoisonedSet(config: ExperimentConfig, view: PoisonView): PoisonedSetState {
  const [state, setState] = useState<PoisonedSetState>({
    page: null,
    busy: true,
    prepared: null,
    error: null,
  });
  useEffect(() => {
    let current = true;
    const update = (change: Partial<PoisonedSetState>): void => {
      if (current) setState((before) => ({ ...before, ...change }));
    };
    update({ busy: true, prepared: null, error: null });
    const { step, filter, page } = view;
    const from = page * PAGE_ROWS;
    const { result, control } = labWorkers().start<'poison-page'>(
      { kind: 'poison-page', config, step, filter, from, count: PAGE_ROWS },
      {
        onEvent: (event) => {
          if (event.type === 'progress' && event.stage === 'attack')
            update({ prepared: event.total > 0 ? event.done / event.total : 0 });
        },
      },
    );
    result.then(
      (found) => update({ page: found, busy: false, prepared: null }),
      (thrown: unknown) => update({ busy: false, prepared: null, error: asLabError(thrown).toData() }),
    );
    return () => {
      current = false;
      control({ action: 'cancel' });
    };
  }, [config, view]);
  return state;
}
