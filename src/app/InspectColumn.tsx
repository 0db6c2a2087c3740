import { Group, Stack } from '@mantine/core';
import { ActionButton } from '../features/experiment/ActionButton.tsx';
import { ConfusionMatrix } from '../features/training/ConfusionMatrix.tsx';
import { SampleGallery } from '../features/training/SampleGallery.tsx';
import { useRun } from '../state/run-store.ts';
import { liveTestAction } from './actions.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';

/** What the model does to single inputs, and which classes it takes for which. */
export function InspectColumn() {
  const evaluation = useRun((state) => state.evaluation);
  return (
    <ErrorBoundary part>
      <Stack gap="md">
        <SampleGallery evaluation={evaluation} />
        <ConfusionMatrix evaluation={evaluation} />
        <Group>
          <ActionButton action={liveTestAction} />
        </Group>
      </Stack>
    </ErrorBoundary>
  );
}
