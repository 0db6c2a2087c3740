import { fieldInfo, type FieldInfo } from '../../core/config/fields.ts';
import { valueAt } from '../../state/config-path.ts';
import { defaultAt, useExperiment } from '../../state/experiment-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useDraftProblems } from './current-problems.ts';
import { helpOf, valueInWords } from './field-words.ts';
import { isBusy } from './run-phase.ts';

export interface ConfigFieldModel {
  info: FieldInfo;
  help: string;
  value: unknown;
  set: (value: unknown) => boolean;
  problem: string | null;
  forgetProblem: () => void;
  /** Present when the value is not the default. */
  reset: { label: string; onReset: () => void } | null;
  /** While a run is on that uses another value: which. */
  note: string | null;
}

/** One field of the draft with all that its control shows. */
export function useConfigField(path: string): ConfigFieldModel {
  const draft = useExperiment((state) => state.draft);
  const refused = useExperiment((state) => state.problems[path]);
  const { setPath, resetPath, forgetProblem } = useExperiment((state) => state);
  const problems = useDraftProblems();
  const running = useRun((state) => (isBusy(state.phase) ? state.config : null));

  const info = fieldInfo(path, draft);
  const value = valueAt(draft, path);
  const fallback = defaultAt(draft, path);
  const used = running === null ? value : valueAt(running, path);
  // The balancer and the switches of evasions act on the run at once, so they have no value of their own in force.
  const inForce =
    !path.startsWith('attack.injection.balancer') &&
    !/^attack\.evasions\.\w+\.enabled$/.test(path) &&
    used !== undefined &&
    JSON.stringify(used) !== JSON.stringify(value);
  return {
    info,
    help: helpOf(info),
    value,
    set: (next) => setPath(path, next),
    problem: refused ?? problems[path] ?? null,
    forgetProblem: () => {
      forgetProblem(path);
    },
    reset:
      JSON.stringify(fallback) === JSON.stringify(value)
        ? null
        : {
            label: `Back to the default, ${valueInWords(fallback, info)}`,
            onReset: () => {
              resetPath(path);
            },
          },
    note: inForce ? `Applies to the next run; this one uses ${valueInWords(used, info)}.` : null,
  };
}
