import { Button, FileButton, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { grouped } from '../../core/formats/bytes.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import classes from './BringFiles.module.css';
import { type ChosenFile, filesOfDrop, filesOfInput, isTextName } from './chosen-files.ts';
import { ImageFields, type ImageForm } from './ImageFields.tsx';
import { TableColumns } from './TableColumns.tsx';
import { useReadFiles } from './use-read-files.ts';
import { useTableColumns } from './use-table-columns.ts';

/** Reads pictures, texts, archives or a folder into a data set; they stay in this browser. */
export function BringFiles({ onDone }: { onDone: () => void }) {
  const [title, setTitle] = useState('My data');
  const [files, setFiles] = useState<ChosenFile[]>([]);
  const [image, setImage] = useState<ImageForm>({ size: 32, channels: 3 });
  const table = useTableColumns(files);
  const { read, stop, progress, error, fail, warnings } = useReadFiles(onDone);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    filesOfDrop(event.dataTransfer).then(setFiles, (thrown: unknown) => fail(thrown));
  };
  const busy = progress !== null;
  const areTexts = files.length > 0 && files.every(({ path }) => isTextName(path));
  return (
    <Stack gap="sm">
      <Text size="sm">
        Pictures in folders of classes (train/cat/1.jpg, or cat/1.jpg), such a folder as zip or tar, pictures
        with a CSV of labels, CIFAR-10’s cifar-10-binary.tar.gz, PIPA, CelebA or VGGFace2. Texts with their
        classes in CSV or JSON lines, IMDB’s aclImdb_v1.tar.gz, e-mail in folders of spam and ham, or plain
        text for the next word. They are read in this tab and never leave it.
      </Text>
      <TextInput
        label="Name"
        value={title}
        maxLength={100}
        onChange={(event) => {
          setTitle(event.currentTarget.value);
        }}
      />
      <Group
        className={classes.drop}
        onDragOver={(event) => {
          event.preventDefault();
        }}
        onDrop={drop}
      >
        <FileButton
          multiple
          onChange={(chosen) => setFiles(chosen.map((file) => ({ path: file.name, blob: file })))}
        >
          {(props) => (
            <Button {...props} size="xs" variant="default">
              Choose files
            </Button>
          )}
        </FileButton>
        <FolderButton onChange={setFiles} />
        <Text size="sm" role="status">
          {files.length === 0 ? 'or drop them here' : chosenWords(files)}
        </Text>
      </Group>
      {table.names.length > 0 && <TableColumns table={table} />}
      {!areTexts && (
        <Group grow>
          <ImageFields value={image} onChange={setImage} described />
        </Group>
      )}
      {busy && <Progress value={100 * progress} aria-label="Files read" />}
      {error !== null && <ErrorPanel error={error} />}
      {warnings.map((warning) => (
        <ErrorPanel key={warning.what} error={warning} />
      ))}
      <Group justify="end">
        {busy && (
          <Button variant="default" onClick={stop}>
            Stop
          </Button>
        )}
        <Button
          disabled={files.length === 0}
          aria-busy={busy}
          onClick={() => {
            // Not disabled meanwhile: that would take the focus away.
            if (!busy) void read({ title, files, image, columns: table.chosen });
          }}
        >
          Read the files
        </Button>
      </Group>
    </Stack>
  );
}

/** React knows no attribute for folders. */
function FolderButton({ onChange }: { onChange: (files: ChosenFile[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.setAttribute('webkitdirectory', '');
  }, []);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="A folder"
        onChange={(event) => onChange(filesOfInput(event.currentTarget.files))}
      />
      <Button size="xs" variant="default" onClick={() => input.current?.click()}>
        Choose a folder
      </Button>
    </>
  );
}

function chosenWords(files: readonly ChosenFile[]): string {
  const bytes = files.reduce((sum, { blob }) => sum + blob.size, 0);
  const [first] = files;
  const name = files.length === 1 && first ? first.path : `${grouped(files.length)} files`;
  return `${name}, ${(bytes / 1e6).toFixed(1)} MB`;
}
