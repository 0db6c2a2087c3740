/** Every evaluation of each run, for export; sample pictures are left out, for they would fill the memory. */
import type { Evaluation } from '../../core/experiment/events.ts';
import type { RunSeries } from '../../core/series/runSeries.ts';
import { runStore } from '../../state/run-store.ts';

/** By the run's series, so that a run that comes back by undo brings its evaluations. */
const logs = new WeakMap<RunSeries, Evaluation[]>();

export function evaluationsOf(series: RunSeries): readonly Evaluation[] {
  return logs.get(series) ?? [];
}

/** Adds an evaluation to a log; one from a step that was reached before means the run went back, and starts anew there. */
export function logged(log: readonly Evaluation[], evaluation: Evaluation): Evaluation[] {
  const before = log.filter(
    ({ step, scope }) => step < evaluation.step || (step === evaluation.step && scope !== evaluation.scope),
  );
  return [...before, { ...evaluation, samples: [] }];
}

/** Listens to the run store from now on. Returns how to end it. */
export function startEvaluationLog(): () => void {
  return runStore.subscribe((state, before) => {
    const { series } = state;
    for (const key of ['evaluation', 'fullEvaluation'] as const) {
      const evaluation = state[key];
      if (evaluation === null || evaluation === before[key]) continue;
      const log = logs.get(series) ?? [];
      const known = log.some(({ step, scope }) => step === evaluation.step && scope === evaluation.scope);
      if (!known || key === 'evaluation') logs.set(series, logged(log, evaluation));
    }
  });
}
