import { Button, Text } from '@mantine/core';
import { placedTrigger } from '../../core/config/schema.ts';
import type { DatasetInfo } from '../../core/datasets/dataset.ts';
import { wordTrigger } from '../../core/synthesizers/words.ts';
import { useExperiment } from '../../state/experiment-store.ts';

/** Why the trigger cannot be edited on this data, and the way to one that can. */
export function UnsuitedTrigger({ info }: { info: Pick<DatasetInfo, 'title' | 'kind'> }) {
  const setSynthesizer = useExperiment((state) => state.setSynthesizer);
  const areTexts = info.kind === 'text';
  return (
    <>
      <Text size="sm" my="xs">
        {areTexts
          ? `${info.title} holds texts, and this trigger is for images: there is nothing to paint on.`
          : `${info.title} holds images, and this trigger is words in a text.`}
      </Text>
      <Button
        size="xs"
        variant="default"
        onClick={() => setSynthesizer(areTexts ? wordTrigger() : placedTrigger())}
      >
        {areTexts ? 'Take words as the trigger' : 'Take a small picture as the trigger'}
      </Button>
    </>
  );
}
