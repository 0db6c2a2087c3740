import { Progress } from '@mantine/core';
import { useRun } from '../../state/run-store.ts';
import { formatCount } from '../../ui/format.ts';
import { ActionButton } from './ActionButton.tsx';
import { resetAction, runAction, stepBatchAction, stepEpochAction, stopAction } from './actions.ts';
import classes from './RunControls.module.css';

/** The timeline's controls: run or pause, step, stop, reset, and how far the run is. */
export function RunControls() {
  return (
    <div className={classes.controls} role="group" aria-label="Run controls">
      <div className={classes.run}>
        <ActionButton action={runAction} primary />
      </div>
      <ActionButton action={stepBatchAction} />
      <ActionButton action={stepEpochAction} />
      <ActionButton action={stopAction} />
      <ActionButton action={resetAction} />
      <RunProgress />
    </div>
  );
}

function RunProgress() {
  const step = useRun((state) => state.step);
  const totalSteps = useRun((state) => state.totalSteps);
  const epoch = useRun((state) => state.epoch);
  const epochs = useRun((state) => state.config?.training.epochs ?? null);
  if (totalSteps === 0 || epochs === null) return null;
  return (
    <div className={classes.progress}>
      <div className={classes.words}>
        <span>
          Epoch {formatCount(epoch)} of {formatCount(epochs)}
        </span>
        <span>
          Step {formatCount(step)} of {formatCount(totalSteps)}
        </span>
      </div>
      <Progress
        value={(100 * step) / totalSteps}
        transitionDuration={0}
        size="sm"
        aria-label={`Step ${step} of ${totalSteps}`}
      />
    </div>
  );
}
