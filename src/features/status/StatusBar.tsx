import { Tooltip } from '@mantine/core';
import { useDatasets } from '../../state/dataset-store.ts';
import { useRun } from '../../state/run-store.ts';
import { BackendStatus } from './BackendStatus.tsx';
import classes from './StatusBar.module.css';
import { dataWords, memoryWords, paceWords, secondsLeftWords, threadWords } from './status-words.ts';

/** What computes and why, how fast, how much memory, how long still, and that all of it stays here. */
export function StatusBar() {
  return (
    <footer className={classes.bar} aria-label="Status">
      <BackendStatus />
      <Threads />
      <DataStatus />
      <Pace />
      <Memory />
      <TimeLeft />
      <span className={`${classes.item} ${classes.promise}`}>
        Everything runs in this tab. Nothing is uploaded.
      </span>
    </footer>
  );
}

function Threads() {
  const words = threadWords(
    useRun((state) => state.backend),
    useRun((state) => state.threads),
  );
  if (words === null) return null;
  return (
    <Tooltip
      label="Threads of this tab that share each step; helpers join when they are ready. The numbers do not depend on how many there are. Press the backend’s name to choose."
      maw={420}
    >
      <span className={classes.item}>{words}</span>
    </Tooltip>
  );
}

function DataStatus() {
  const words = dataWords(
    useDatasets((state) => state.info?.title ?? null),
    useDatasets((state) => state.loaded),
  );
  return words === null ? null : <span className={classes.item}>{words}</span>;
}

function Pace() {
  const words = paceWords(useRun((state) => state.stepMilliseconds));
  return words === null ? null : <span className={classes.item}>{words}</span>;
}

function Memory() {
  const words = memoryWords(useRun((state) => state.memory));
  if (words === null) return null;
  return (
    <Tooltip label="Bytes that live tensors use, of the bytes held from the system. Held memory is kept for the next step; it does not shrink.">
      <span className={classes.item}>{words}</span>
    </Tooltip>
  );
}

function TimeLeft() {
  const phase = useRun((state) => state.phase);
  const step = useRun((state) => state.step);
  const secondsLeft = useRun((state) => state.secondsLeft);
  const words = secondsLeftWords(phase, step, secondsLeft);
  return words === null ? null : <span className={classes.item}>{words}</span>;
}
