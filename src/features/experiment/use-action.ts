import { useExperiment } from '../../state/experiment-store.ts';
import { useRun } from '../../state/run-store.ts';
import { asLabError } from '../../core/errors.ts';
import { notifyError } from '../../ui/notify.tsx';
import { actionState, type Action, type ActionState, type ActionView } from './actions.ts';
import { useDraftProblems } from './current-problems.ts';

/** The state that actions read, kept current. */
export function useActionState(): ActionState {
  useRun((state) => state.phase);
  useRun((state) => state.pauseReason);
  useExperiment((state) => state.past);
  useDraftProblems();
  return actionState();
}

export function useActionView(action: Action): ActionView {
  return action.view(useActionState());
}

/** Takes an action if it can be taken now; tells what went wrong, if anything does. */
export function takeAction(action: Action): void {
  if (action.view(actionState()).blocked !== null) return;
  Promise.resolve()
    .then(() => action.perform())
    .catch((thrown: unknown) => {
      notifyError(asLabError(thrown).toData());
    });
}
