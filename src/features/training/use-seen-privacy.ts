import { useMemo, useSyncExternalStore } from 'react';
import type { RunSeries } from '../../core/series/runSeries.ts';

/** Whether any evaluation of the run has told an ε so far. */
export function useSeenPrivacy(series: RunSeries): boolean {
  const seen = useMemo(() => seenIn(series), [series]);
  return useSyncExternalStore(seen.subscribe, seen.get);
}

function seenIn(series: RunSeries) {
  let seen = series.evaluations.column('epsilon').some((value) => !Number.isNaN(value));
  return {
    get: () => seen,
    subscribe: (changed: () => void) =>
      series.subscribe(() => {
        const { evaluations } = series;
        const last = evaluations.length - 1;
        const isNow = last >= 0 && !Number.isNaN(evaluations.at('epsilon', last));
        if (seen || !isNow) return;
        seen = true;
        changed();
      }),
  };
}
