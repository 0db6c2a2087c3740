import { Button, Checkbox, FileButton, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { asLabError } from '../../core/errors.ts';
import { type BenchModel, benchModels } from '../../state/bench-models.ts';
import { notifyError } from '../../ui/notify.tsx';
import classes from './bench.module.css';
import { modelWords } from './words.ts';

interface ModelPickerProps {
  models: readonly BenchModel[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}

/** The models that defenses are run on. */
export function ModelPicker({ models, chosen, onChange }: ModelPickerProps) {
  const bring = async (file: File): Promise<void> => {
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const { id } = benchModels.getState().bring(file.name, bytes);
      onChange([...chosen, id]);
    } catch (thrown) {
      notifyError(asLabError(thrown).toData());
    }
  };
  return (
    <>
      {models.length === 0 ? (
        <Text size="sm" c="dimmed">
          No model yet: train one in the lab, or import one.
        </Text>
      ) : (
        <ul className={classes.choices}>
          {models.map((model) => (
            <li key={model.id}>
              <Checkbox
                size="xs"
                label={model.title}
                description={modelWords(model)}
                checked={chosen.includes(model.id)}
                onChange={(event) =>
                  onChange(
                    event.currentTarget.checked
                      ? [...chosen, model.id]
                      : chosen.filter((one) => one !== model.id),
                  )
                }
              />
            </li>
          ))}
        </ul>
      )}
      <FileButton
        accept=".safetensors,.zip"
        onChange={(file) => {
          if (file) void bring(file);
        }}
        inputProps={{ 'aria-label': 'Import a model' }}
      >
        {(props) => (
          <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
            Import a model
          </Button>
        )}
      </FileButton>
      <Text size="xs" c="dimmed">
        Each defense runs on a clean model too, unasked: what it says of that one is its false alarm.
      </Text>
    </>
  );
}
