import { Button, FileInput, Group, Loader, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CustomDatasetFiles } from '../../core/datasets/custom.ts';
import { asLabError, LabError, type LabErrorData } from '../../core/errors.ts';
import { datasetStore } from '../../state/dataset-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { notifyDone } from '../../ui/notify.tsx';
import { CaptureClasses } from '../capture/CaptureClasses.tsx';
import { BringFiles } from './BringFiles.tsx';
import { takeDataset } from './take-dataset.ts';

const SLOTS = [
  { key: 'trainImages', label: 'Training images', hint: 'train-images-idx3-ubyte' },
  { key: 'trainLabels', label: 'Training labels', hint: 'train-labels-idx1-ubyte' },
  { key: 'testImages', label: 'Test images (optional)', hint: 't10k-images-idx3-ubyte' },
  { key: 'testLabels', label: 'Test labels (optional)', hint: 't10k-labels-idx1-ubyte' },
] as const;

type Slot = (typeof SLOTS)[number]['key'];
type Chosen = Record<Slot, File | null>;

type Form = 'files' | 'idx' | 'camera';

/** Reads a person's own files, or shots of their camera, into a data set of the lab; they stay in this browser. */
export function BringData({ onDone }: { onDone: () => void }) {
  const [form, setForm] = useState<Form>('files');
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Form of the data"
        size="xs"
        data={[
          { value: 'files', label: 'Files' },
          { value: 'idx', label: 'IDX files, one by one' },
          { value: 'camera', label: 'Camera' },
        ]}
        value={form}
        onChange={(value) => setForm(value)}
      />
      {form === 'files' && <BringFiles onDone={onDone} />}
      {form === 'idx' && <BringIdx onDone={onDone} />}
      {form === 'camera' && <CaptureClasses onDone={onDone} />}
    </Stack>
  );
}

function BringIdx({ onDone }: { onDone: () => void }) {
  const [title, setTitle] = useState('My data');
  const [files, setFiles] = useState<Chosen>({
    trainImages: null,
    trainLabels: null,
    testImages: null,
    testLabels: null,
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<LabErrorData | null>(null);

  const read = async () => {
    setBusy(true);
    setError(null);
    try {
      const info = await datasetStore.getState().addCustom(await customFiles(title, files));
      takeDataset(info);
      notifyDone(`${info.title} is ready, and chosen for the next run.`);
      onDone();
    } catch (thrown) {
      setError(asLabError(thrown).toData());
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        Images and labels in the IDX format of MNIST, plain or gzip. They are read in this tab and never leave
        it. Without test files, a tenth of the training examples is set aside.
      </Text>
      <TextInput
        label="Name"
        value={title}
        maxLength={100}
        onChange={(event) => {
          setTitle(event.currentTarget.value);
        }}
      />
      {SLOTS.map(({ key, label, hint }) => (
        <FileInput
          key={key}
          size="xs"
          label={label}
          placeholder={hint}
          value={files[key]}
          clearable
          onChange={(file) => {
            setFiles({ ...files, [key]: file });
          }}
        />
      ))}
      {error !== null && <ErrorPanel error={error} />}
      <Group justify="end">
        <Button
          {...(busy && { leftSection: <Loader size={16} color="currentColor" aria-hidden /> })}
          disabled={files.trainImages === null || files.trainLabels === null}
          aria-busy={busy}
          onClick={() => {
            // Not disabled meanwhile: that would take the focus away.
            if (!busy) void read();
          }}
        >
          Read the files
        </Button>
      </Group>
    </Stack>
  );
}

const named = async (file: File) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });

/** @throws LabError E-DATASET when only one of two test files is given. */
async function customFiles(title: string, files: Chosen): Promise<CustomDatasetFiles> {
  const { trainImages, trainLabels, testImages, testLabels } = files;
  if (trainImages === null || trainLabels === null || (testImages === null) !== (testLabels === null)) {
    throw new LabError({
      code: 'E-DATASET',
      what: 'A file is missing.',
      why: 'Images and labels come in pairs.',
      fix: 'Choose both the test images and the test labels, or neither.',
    });
  }
  const train = { images: await named(trainImages), labels: await named(trainLabels) };
  if (testImages === null || testLabels === null) return { title, train };
  return { title, train, test: { images: await named(testImages), labels: await named(testLabels) } };
}
