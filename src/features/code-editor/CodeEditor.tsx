import { Alert, Button, FileButton, Group, Loader, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { useRef } from 'react';
import { asLabError } from '../../core/errors.ts';
import { experimentStore } from '../../state/experiment-store.ts';
import { safeFileName } from '../../core/formats/filename.ts';
import { download } from '../../ui/charts/download.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { notifyError } from '../../ui/notify.tsx';
import classes from './CodeEditor.module.css';
import type { SyncStatus } from './editor-sync.ts';
import { asYaml, useYamlEditor } from './use-yaml-editor.ts';

const WORDS: Record<SyncStatus, string> = {
  'in-step': 'Text and form are in step.',
  invalid: 'The text has mistakes; the form keeps the last good experiment.',
  apart: 'The form changed while the text had mistakes.',
};

/** The experiment as YAML, in step with the form. */
export function CodeEditor() {
  const host = useRef<HTMLDivElement>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const { ready, failed, status, warnings, takeForm, setText } = useYamlEditor(host, dark);
  return (
    <div className={classes.editor}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text size="xs" c={status === 'in-step' ? 'dimmed' : 'var(--mantine-color-error)'} role="status">
            {ready ? WORDS[status] : 'Loading the editor.'}{' '}
            {status !== 'in-step' && (
              <Button variant="subtle" onClick={takeForm}>
                Show the form’s experiment
              </Button>
            )}
          </Text>
          <FileButtons onText={setText} ready={ready} />
        </Group>
        {failed !== null && <ErrorPanel error={asLabError(failed).toData()} />}
        {warnings.length > 0 && (
          <Alert color="orange" variant="light" title="Read from Backdoors 101’s keys">
            {warnings.map((warning) => (
              <Text size="xs" key={`${warning.where ?? ''} ${warning.what}`}>
                {`${warning.what} ${warning.why} ${warning.fix}`.trim()}
              </Text>
            ))}
          </Alert>
        )}
      </Stack>
      <div ref={host} className={classes.host}>
        {!ready && failed === null && <Loader size="sm" m="md" />}
      </div>
    </div>
  );
}

function FileButtons({ onText, ready }: { onText: (text: string) => void; ready: boolean }) {
  const open = (file: File | null) => {
    file
      ?.text()
      .then(onText)
      .catch((thrown: unknown) => {
        notifyError(asLabError(thrown).toData());
      });
  };
  return (
    <Group gap="xs">
      <FileButton accept=".yaml,.yml,.txt" onChange={open}>
        {(props) => (
          <Button {...props} variant="default" disabled={!ready}>
            Open a file
          </Button>
        )}
      </FileButton>
      <Button
        variant="default"
        onClick={() => {
          const { draft } = experimentStore.getState();
          download(safeFileName(draft.name, 'yaml'), [asYaml(draft)], 'application/yaml');
        }}
      >
        Save as YAML
      </Button>
    </Group>
  );
}
