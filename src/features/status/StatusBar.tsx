import { Tooltip } from '@mantine/core';
import { useDatasets } from '../../state/dataset-store.ts';
import { useRun } from '../../state/run-store.ts';
import classes from './StatusBar.module.css';
import { backendWords, dataWords, memoryWords, paceWords, secondsLeftWords } from './status-words.ts';

/** What computes and why, how fast, how much memory, how long still, and that all of it stays here. */
export function StatusBar() {
  return (
    <footer className={classes.bar} aria-label="Status">
      <BackendStatus />
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

function BackendStatus() {
  const backend = useRun((state) => state.backend);
  const words = backendWords(backend);
  return (
    <Tooltip label={words.details} maw={420}>
      <span className={classes.backend}>{words.short}</span>
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
