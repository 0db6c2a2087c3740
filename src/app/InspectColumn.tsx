import { Stack, Text } from '@mantine/core';
import { ConfusionMatrix } from '../features/training/ConfusionMatrix.tsx';
import { SampleGallery } from '../features/training/SampleGallery.tsx';
import { useDatasets } from '../state/dataset-store.ts';
import { useRun } from '../state/run-store.ts';

const NO_SAMPLES = [] as const;

/** What the model does to single inputs, and which classes it takes for which. */
export function InspectColumn() {
  const evaluation = useRun((state) => state.evaluation);
  const info = useDatasets((state) => state.info);
  const original = useDatasets((state) => state.original);
  if (info === null) {
    return (
      <Text size="sm" c="dimmed">
        Samples appear once the data set is known.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      <SampleGallery
        samples={evaluation?.samples ?? NO_SAMPLES}
        shape={info.shape}
        classNames={info.classes}
        original={original}
      />
      <ConfusionMatrix evaluation={evaluation} classNames={info.classes} />
    </Stack>
  );
}
