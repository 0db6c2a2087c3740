import type { EvaluationColumn, RunSeries, StepColumn } from '../../core/series/runSeries.ts';
import type { ChartSource } from '../../ui/charts/chartSource.ts';

/** The steps of a run as a chart reads them; x is the step. Keys are {@link StepColumn}s. */
export function stepSource(series: RunSeries): ChartSource {
  return {
    subscribe: (listener) => series.subscribe(listener),
    version: () => series.steps.version,
    read: (keys) => ({
      x: series.steps.column('step'),
      columns: keys.map((key) => series.steps.column(key as StepColumn)),
    }),
  };
}

/** Suffix of a key that asks for the evaluations on the whole test set only. */
const FULL = '_full';

/**
 * The evaluations of a run as a chart reads them; x is the step. Keys are {@link EvaluationColumn}s; with `_full`
 * behind them, only the values measured on the whole test set.
 */
export function evaluationSource(series: RunSeries): ChartSource {
  const table = series.evaluations;
  return {
    subscribe: (listener) => series.subscribe(listener),
    version: () => table.version,
    read: (keys) => {
      const full = table.column('full');
      return {
        x: table.column('step'),
        columns: keys.map((key) => {
          if (!key.endsWith(FULL)) return table.column(key as EvaluationColumn);
          const all = table.column(key.slice(0, -FULL.length) as EvaluationColumn);
          return all.map((value, row) => (full[row] === 1 ? value : Number.NaN));
        }),
      };
    },
  };
}
