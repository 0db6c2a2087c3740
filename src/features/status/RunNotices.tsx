import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useDatasets } from '../../state/dataset-store.ts';
import { experimentStore, useExperiment } from '../../state/experiment-store.ts';
import { type RunPhase, runStore, useRun } from '../../state/run-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { useDatasetIsMissing } from '../experiment/current-problems.ts';
import { wayOnFromNan } from './status-words.ts';
import { formatCount } from '../../ui/format.ts';

/** What the run has to say beside its figures: an error and the ways on, warnings, a run that can be resumed. */
export function RunNotices() {
  const something = useRun(
    (state) =>
      state.error !== null || state.warnings.length > 0 || (state.saved !== null && canGoOn(state.phase)),
  );
  const dataFailed = useDatasets((state) => state.error !== null);
  if (!something && !dataFailed) return null;
  return (
    <Stack gap="sm">
      <ResumeOffer />
      <DataError />
      <RunError />
      <RunWarnings />
    </Stack>
  );
}

function DataError() {
  const error = useDatasets((state) => state.error);
  // Data that is not in this browser is told at the setup, with its ways out.
  const missing = useDatasetIsMissing();
  if (error === null || missing) return null;
  const retry = () => {
    runStore.getState().prepare(experimentStore.getState().draft);
  };
  return <ErrorPanel error={error} actions={[{ label: 'Try again', onClick: retry }]} />;
}

function RunError() {
  const error = useRun((state) => state.error);
  const pauseReason = useRun((state) => state.pauseReason);
  const dataError = useDatasets((state) => state.error);
  const missing = useDatasetIsMissing();
  // A run that failed for its data says what the data's own notice says already.
  const told = error !== null && error.code === dataError?.code && error.what === dataError.what;
  const toldAtSetup = missing && error?.code === 'E-DATASET';
  if (error === null || told || toldAtSetup) return null;
  const store = runStore.getState();
  if (error.code === 'E-NAN' || pauseReason === 'nan') {
    const { fix, label } = wayOnFromNan(store.nanGoesBack());
    return (
      <ErrorPanel
        error={{ ...error, fix }}
        actions={[
          { label, onClick: () => void store.recoverFromNan() },
          { label: 'Stop', onClick: () => void store.stop() },
        ]}
      />
    );
  }
  const actions =
    error.code === 'E-GPU-LOST'
      ? [
          { label: 'Go on from the last checkpoint', onClick: () => store.recoverFromGpuLoss() },
          { label: 'Go on without the GPU', onClick: () => store.recoverFromGpuLoss('wasm') },
        ]
      : [{ label: 'Try again', onClick: () => store.run(experimentStore.getState().draft) }];
  return <ErrorPanel error={error} actions={actions} />;
}

function RunWarnings() {
  const warnings = useRun((state) => state.warnings);
  if (warnings.length === 0) return null;
  return (
    <Alert color="orange" variant="light" title={warnings.length === 1 ? 'A warning' : 'Warnings'}>
      <Stack gap="xs">
        {warnings.map((warning) => (
          <Text size="sm" key={`${warning.code} ${warning.what}`}>
            {`${warning.what} ${warning.why} ${warning.fix}`.trim()}{' '}
            <Text span size="xs">
              {warning.code}
            </Text>
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

/** A saved run is offered after a reload, and after a stop by hand. */
const canGoOn = (phase: RunPhase): boolean => phase === 'idle' || phase === 'stopped';

function ResumeOffer() {
  const saved = useRun((state) => state.saved);
  const phase = useRun((state) => state.phase);
  const setConfig = useExperiment((state) => state.setConfig);
  if (saved === null || !canGoOn(phase)) return null;
  const when = new Date(saved.savedAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <Alert
      icon={<IconHistory aria-hidden />}
      variant="light"
      role="status"
      title="Resume from the last checkpoint?"
    >
      <Stack gap="xs">
        <Text size="sm">
          “{saved.name}” was at step {formatCount(saved.step)}, epoch {saved.epoch}, on {when}.
        </Text>
        <Group gap="xs">
          <Button
            onClick={() => {
              setConfig(saved.config);
              void runStore.getState().resumeSaved();
            }}
          >
            Resume
          </Button>
          <Button variant="default" onClick={() => void runStore.getState().discardSaved()}>
            Discard
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
