import { Button, Group, Stack } from '@mantine/core';
import { IconPointer } from '@tabler/icons-react';
import { useExperiment } from '../../state/experiment-store.ts';
import { usePage } from '../../state/page-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { picksOf, type Semantic } from './picks.ts';
import { PickTray } from './PickTray.tsx';
import { useImages } from './use-images.ts';

/** How many of each kind the setup shows. */
const SHOWN = 12;

/** The images that a semantic backdoor names, and the way to pick others. */
export function PickedImages({ synthesizer }: { synthesizer: Semantic }) {
  const task = useExperiment((state) => state.draft.task);
  const picks = picksOf(synthesizer);
  const { images, error } = useImages(task, picks.size > 0 ? { indices: [...picks.keys()] } : null);
  return (
    <Stack gap="xs" my="xs">
      {picks.size > 0 && <PickTray picks={picks} images={images} onSwap={null} most={SHOWN} />}
      {error !== null && <ErrorPanel error={error} />}
      <Group justify="end">
        <Button
          size="compact-sm"
          fz="xs"
          variant="default"
          leftSection={<IconPointer size={14} aria-hidden />}
          onClick={() => usePage.getState().open('pick-images')}
        >
          Pick images
        </Button>
      </Group>
    </Stack>
  );
}
