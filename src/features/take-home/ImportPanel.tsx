import { Button, FileButton, Stack, Text, Title } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { modelFromFile } from '../../core/formats/model-file.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { usePage } from '../../state/page-store.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { notifyDone, notifyWarning } from '../../ui/notify.tsx';
import { readExperimentFile } from './imports.ts';

interface ImportPanelProps {
  /** Runs something that may fail, and shows the error. */
  attempt: (act: () => Promise<void>) => Promise<void>;
}

const bytesOf = async (file: File) => new Uint8Array(await file.arrayBuffer());

async function importModel(file: File): Promise<void> {
  const weights = modelFromFile(file.name, await bytesOf(file));
  runStore.getState().setImportedWeights({ fileName: file.name, weights });
  experimentStore.getState().setPath('task.model', weights.model);
  experimentStore.getState().setPath('task.weights', 'imported');
  notifyDone(`${file.name} is read. The next run starts from it.`);
}

async function importExperiment(file: File): Promise<void> {
  const { config, warnings } = readExperimentFile(file.name, await bytesOf(file));
  experimentStore.getState().setConfig(config);
  warnings.forEach(notifyWarning);
  notifyDone(`${file.name} is read. The setup shows its experiment.`);
}

/** A model or an experiment from a file. */
export function ImportPanel({ attempt }: ImportPanelProps) {
  const imported = useRun((state) => state.importedWeights?.fileName ?? null);
  const close = usePage((state) => state.close);
  const phase = useRun((state) => state.phase);
  const busy = phase === 'preparing' || phase === 'running';
  return (
    <Stack gap="xs" component="section" aria-labelledby="bring-in-title">
      <Title order={3} id="bring-in-title">
        Bring in
      </Title>
      <FilePicker
        label="A model"
        accept=".safetensors,.zip"
        onFile={(file) => void attempt(() => importModel(file))}
      />
      <Text size="xs" c="dimmed">
        safetensors, a TensorFlow.js LayersModel as zip, or the zip of a whole run.{' '}
        {imported !== null && `Now in: ${imported}.`}
      </Text>
      {imported !== null && (
        <Button
          variant="default"
          disabled={busy}
          onClick={() => {
            close(); // its progress and figures stand on the page
            void attempt(() => runStore.getState().evaluateImported(experimentStore.getState().draft));
          }}
        >
          Measure it with this trigger
        </Button>
      )}
      <FilePicker
        label="An experiment"
        accept=".yaml,.yml,.json,.zip,.txt"
        onFile={(file) => void attempt(() => importExperiment(file))}
      />
      <Text size="xs" c="dimmed">
        YAML in the lab’s keys or in those of Backdoors 101, or the run.json or zip of a run.
      </Text>
    </Stack>
  );
}

interface FilePickerProps {
  label: string;
  accept: string;
  onFile: (file: File) => void;
}

function FilePicker({ label, accept, onFile }: FilePickerProps) {
  return (
    <FileButton
      accept={accept}
      onChange={(file) => {
        if (file !== null) onFile(file);
      }}
      inputProps={{ 'aria-label': label }}
    >
      {(props) => (
        <Button
          {...props}
          variant="default"
          justify="start"
          leftSection={<IconUpload size={16} aria-hidden />}
        >
          {label}
        </Button>
      )}
    </FileButton>
  );
}
