import { useMemo, useSyncExternalStore } from 'react';
import { EVASIONS, type EvasionName } from '../../core/config/schema.ts';
import type { RunSeries } from '../../core/series/runSeries.ts';

/** The evasions that any step of the run has had so far, in their order. */
export function useSeenEvasions(series: RunSeries): readonly EvasionName[] {
  const seen = useMemo(() => seenIn(series), [series]);
  return useSyncExternalStore(seen.subscribe, seen.get);
}

function seenIn(series: RunSeries) {
  const { steps } = series;
  let seen = EVASIONS.filter((name) => steps.column(`loss_${name}`).some((value) => !Number.isNaN(value)));
  const isNow = (name: EvasionName): boolean =>
    steps.length > 0 && !Number.isNaN(steps.at(`loss_${name}`, steps.length - 1));
  return {
    get: () => seen,
    subscribe: (changed: () => void) =>
      series.subscribe(() => {
        const all = EVASIONS.filter((name) => seen.includes(name) || isNow(name));
        if (all.length === seen.length) return;
        seen = all;
        changed();
      }),
  };
}
