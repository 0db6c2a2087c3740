import { Alert, List } from '@mantine/core';
import { fieldInfo } from '../../core/config/fields.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { useDatasets } from '../../state/dataset-store.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { draftProblems } from './draft-problems.ts';

/** A path may end inside a list (`rows[2]`): the field is what stands before. */
function titleOf(path: string, draft: ExperimentConfig): string {
  const field = path.replace(/\[.*$/, '');
  return field === '' ? 'Experiment' : fieldInfo(field, draft).title;
}

/** What keeps the experiment from being run, in sight even when its section is closed. */
export function DraftProblems() {
  const draft = useExperiment((state) => state.draft);
  const info = useDatasets((state) => state.info);
  const problems = Object.entries(draftProblems(draft, info));
  if (problems.length === 0) return null;
  return (
    <Alert color="red" variant="light" title="This experiment cannot run yet" role="status">
      <List size="sm" listStyleType="none">
        {problems.map(([path, sentence]) => (
          <List.Item key={path}>
            <b>{titleOf(path, draft)}</b>: {sentence}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
