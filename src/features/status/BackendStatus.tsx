import { Button, Popover, Stack, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import { experimentStore, useExperiment } from '../../state/experiment-store.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import classes from './StatusBar.module.css';
import { backendWords } from './status-words.ts';
import { ThreadField } from './ThreadField.tsx';

/** What computes and why; opened, the ways to measure it again and to choose the threads. */
export function BackendStatus() {
  const [opened, setOpened] = useState(false);
  const words = backendWords(useRun((state) => state.backend));
  return (
    <Popover opened={opened} onChange={setOpened} position="top-start" width={340} trapFocus returnFocus>
      <Tooltip label={words.details} maw={420} disabled={opened}>
        <Popover.Target>
          <UnstyledButton className={classes.backend} onClick={() => setOpened(!opened)}>
            {words.short}
          </UnstyledButton>
        </Popover.Target>
      </Tooltip>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="sm">{words.details}</Text>
          <MeasureAgain />
          <ThreadField />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Only for a backend that the lab chose; a run under way owns its backend, and would spoil the timing. */
function MeasureAgain() {
  const isAutomatic = useExperiment((state) => state.draft.backend === 'auto');
  const isBusy = useRun(
    ({ phase, backend }) =>
      backend === null || phase === 'preparing' || phase === 'running' || phase === 'paused',
  );
  if (!isAutomatic) return null;
  return (
    // Not `disabled`: the button would lose the focus while it measures, and Escape would no longer close the popover.
    <Button
      variant="default"
      aria-disabled={isBusy}
      data-disabled={isBusy || undefined}
      onClick={() => {
        if (!isBusy) runStore.getState().prepare(experimentStore.getState().draft, true);
      }}
    >
      Measure the backends again
    </Button>
  );
}
