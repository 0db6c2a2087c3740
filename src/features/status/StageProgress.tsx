import { Button, Group, Progress, Text } from '@mantine/core';
import type { Stage } from '../../core/experiment/events.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { formatBytes, formatCount } from '../../ui/format.ts';

const WORDS: Record<Stage, string> = {
  data: 'Loading the data',
  backend: 'Choosing and testing the backend',
  attack: 'Preparing the attack',
  'warm-up': 'Warming up',
  training: 'Training',
  evaluation: 'Evaluating',
};

/** Progress of what comes before training and of evaluations; whatever takes over a second can be cancelled. */
export function StageProgress() {
  const progress = useRun((state) => state.progress);
  const phase = useRun((state) => state.phase);
  if (progress === null || progress.stage === 'training') return null;
  const ofRun = phase === 'preparing' || phase === 'running';
  const { stage, done, total, unit } = progress;
  const say = unit === 'bytes' ? formatBytes : formatCount;
  const counted = unit === 'bytes' ? '' : ` ${unit}`;
  return (
    <Group gap="sm" wrap="nowrap" role="status">
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {WORDS[stage]}
        {total > 1 && `: ${say(done)} of ${say(total)}${counted}`}
      </Text>
      <Progress
        value={total > 0 ? (100 * done) / total : 0}
        animated={total <= 1}
        size="sm"
        flex={1}
        aria-label={WORDS[stage]}
      />
      {ofRun && (
        <Button variant="subtle" onClick={() => void runStore.getState().stop()}>
          Cancel
        </Button>
      )}
    </Group>
  );
}
