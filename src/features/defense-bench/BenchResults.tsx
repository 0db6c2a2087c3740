import { Text, Title } from '@mantine/core';
import { useBench } from '../../state/bench-store.ts';
import classes from './bench.module.css';
import { MatrixPanel } from './MatrixPanel.tsx';
import { ModelTools } from './ModelTools.tsx';
import { TrialCard } from './TrialCard.tsx';
import { TrialTable } from './TrialTable.tsx';

/** What defenses said, and the evidence of the one that is open. */
export function BenchResults() {
  const trials = useBench((state) => state.trials);
  const openedId = useBench((state) => state.opened);
  const opened = trials.find(({ id }) => id === openedId) ?? null;
  if (trials.length === 0) {
    return (
      <>
        <div className={classes.empty}>
          <Title order={2} size="h3">
            No defense was run yet
          </Title>
          <Text size="sm" c="dimmed" maw="34rem">
            Choose a model and one or more defenses. Each says whether the model is backdoored, shows why,
            tells what it costs, and what it says of a clean model.
          </Text>
        </div>
        <MatrixPanel />
      </>
    );
  }
  return (
    <>
      <TrialTable trials={trials} opened={openedId} />
      {opened && <TrialCard key={opened.id} trial={opened} />}
      {opened && <ModelTools key={`${opened.model.id} ${opened.model.step}`} model={opened.model} />}
      <MatrixPanel />
    </>
  );
}
