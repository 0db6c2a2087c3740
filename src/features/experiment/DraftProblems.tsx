import { Alert, Button, Group, List } from '@mantine/core';
import { fieldInfo } from '../../core/config/fields.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { usePage } from '../../state/page-store.ts';
import { useDraftProblems } from './current-problems.ts';

/** A path may end inside a list (`rows[2]`): the field is what stands before. */
function titleOf(path: string, draft: ExperimentConfig): string {
  const field = path.replace(/\[.*$/, '');
  return field === '' ? 'Experiment' : fieldInfo(field, draft).title;
}

/** What keeps the experiment from being run, in sight even when its section is closed, and the ways out. */
export function DraftProblems() {
  const draft = useExperiment((state) => state.draft);
  const problems = useDraftProblems();
  const entries = Object.entries(problems);
  if (entries.length === 0) return null;
  return (
    <Alert color="red" variant="light" title="This experiment cannot run yet" role="status">
      <List size="sm" listStyleType="none">
        {entries.map(([path, sentence]) => (
          <List.Item key={path}>
            <b>{titleOf(path, draft)}</b>: {sentence}
          </List.Item>
        ))}
      </List>
      {'task.dataset' in problems && <DatasetWays />}
      {'task.weights' in problems && <WeightsWays />}
    </Alert>
  );
}

function DatasetWays() {
  const open = usePage((state) => state.open);
  const setPath = useExperiment((state) => state.setPath);
  return (
    <Group gap="xs" mt="xs">
      <Button
        onClick={() => {
          open('bring-data');
        }}
      >
        Bring your data
      </Button>
      <Button variant="default" onClick={() => setPath('task.dataset', 'mnist')}>
        Use MNIST
      </Button>
    </Group>
  );
}

function WeightsWays() {
  const open = usePage((state) => state.open);
  const setPath = useExperiment((state) => state.setPath);
  return (
    <Group gap="xs" mt="xs">
      <Button
        onClick={() => {
          open('take-home');
        }}
      >
        Import a model
      </Button>
      <Button variant="default" onClick={() => setPath('task.weights', 'random')}>
        Use random weights
      </Button>
    </Group>
  );
}
