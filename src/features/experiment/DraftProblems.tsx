import { Alert, Button, Group, List } from '@mantine/core';
import { fieldInfo } from '../../core/config/fields.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { usePage, type DialogName } from '../../state/page-store.ts';
import { useDraftProblems } from './current-problems.ts';

/** A path may end inside a list (`rows[2]`): the field is what stands before. */
function titleOf(path: string, draft: ExperimentConfig): string {
  const field = path.replace(/\[.*$/, '');
  return field === '' ? 'Experiment' : fieldInfo(field, draft).title;
}

/** What keeps the experiment from being run, in sight even when its section is closed, and the ways out. */
export function DraftProblems() {
  const draft = useExperiment((state) => state.draft);
  const setPath = useExperiment((state) => state.setPath);
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
      {'task.dataset' in problems && (
        <Ways
          dialog="bring-data"
          mend="Bring your data"
          instead="Use MNIST"
          onInstead={() => setPath('task.dataset', 'mnist')}
        />
      )}
      {'task.weights' in problems && (
        <Ways
          dialog="take-home"
          mend="Import a model"
          instead="Use random weights"
          onInstead={() => setPath('task.weights', 'random')}
        />
      )}
    </Alert>
  );
}

interface WaysProps {
  /** The dialog that mends it, and what its button says. */
  dialog: DialogName;
  mend: string;
  /** What sets the key to what is always there. */
  instead: string;
  onInstead: () => void;
}

function Ways({ dialog, mend, instead, onInstead }: WaysProps) {
  const open = usePage((state) => state.open);
  return (
    <Group gap="xs" mt="xs">
      <Button
        onClick={() => {
          open(dialog);
        }}
      >
        {mend}
      </Button>
      <Button variant="default" onClick={onInstead}>
        {instead}
      </Button>
    </Group>
  );
}
