import { Button, Group } from '@mantine/core';
import { infoOfTask } from '../../core/datasets/subset.ts';
import { architectureOf } from '../../core/models/architectures.ts';
import { useDatasets } from '../../state/dataset-store.ts';
import { usePage } from '../../state/page-store.ts';
import { useRun } from '../../state/run-store.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { formatCount } from '../../ui/format.ts';
import { ChoiceField } from './ChoiceField.tsx';
import { ConfigField } from './ConfigField.tsx';
import { modelNote } from './model-note.ts';
import { takeDataset } from './take-dataset.ts';
import { useChosenData } from './use-chosen-data.ts';
import { useConfigField } from './use-config-field.ts';

/** A blank line, so that nothing moves when the data set is known. */
const NOTE_TO_COME = '\u00a0';

/** The data and the model. */
export function TaskSection() {
  const open = usePage((state) => state.open);
  const task = useExperiment((state) => state.draft.task);
  const { weights, weights_file: file, model } = task;
  const imported = useRun((state) => state.importedWeights?.fileName ?? null);
  const shown = useDatasets((state) => state.info);
  return (
    <>
      <DatasetField />
      <ConfigField path="task.train_examples" empty="all" />
      <ConfigField path="task.test_examples" empty="all" />
      {shown?.kind === 'text' && (
        <ConfigField path="task.text_length" empty={`as the data: ${formatCount(shown.length)}`} />
      )}
      <ModelField note={shown ? modelNote(model, infoOfTask(shown, task)) : NOTE_TO_COME} />
      <ConfigField
        path="task.weights"
        {...(weights === 'imported' && {
          note:
            imported === null
              ? `No model is imported yet${file === null ? '' : `: ${file} is asked for`}.`
              : `From ${imported}.`,
        })}
      />
      <Group gap="xs" mt="xs">
        <Button
          variant="default"
          onClick={() => {
            open('bring-data');
          }}
        >
          Bring your data
        </Button>
        <Button
          variant="default"
          onClick={() => {
            open('take-home');
          }}
        >
          Import a model
        </Button>
      </Group>
    </>
  );
}

/** The data sets that are there; one that only a link or a file names is listed too, so that nothing is lost. */
function DatasetField() {
  const field = useConfigField('task.dataset');
  const { value, set } = field;
  const datasets = useDatasets((state) => state.datasets);
  const choose = (id: string): void => {
    const chosen = datasets.find((one) => one.id === id);
    if (chosen) takeDataset(chosen);
    else set(id);
  };
  const current = typeof value === 'string' ? value : '';
  const options = datasets.map(({ id, title }) => ({ value: id, label: title }));
  if (!options.some((option) => option.value === current)) {
    options.push({ value: current, label: `${current} (not here)` });
  }
  return <ChoiceField field={field} value={current} options={options} onChoose={choose} />;
}

/** The models that take the data. */
function ModelField({ note }: { note: string }) {
  const field = useConfigField('task.model');
  const kind = useChosenData()?.kind ?? null;
  const options = field.info.options.filter(
    ({ value }) => kind === null || value === field.value || architectureOf(value).input === kind,
  );
  return (
    <ChoiceField
      field={{ ...field, note: field.note ?? note }}
      value={String(field.value)}
      options={options.map(({ value, title }) => ({ value, label: title }))}
      onChoose={field.set}
    />
  );
}
