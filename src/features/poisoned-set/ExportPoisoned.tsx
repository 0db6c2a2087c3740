import { Button, Group, Progress, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import { grouped } from '../../core/formats/bytes.ts';
import { safeFileName } from '../../core/formats/filename.ts';
import { labWorkers } from '../../state/workers.ts';
import { download } from '../../ui/charts/download.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import type { PoisonView } from './use-poisoned-set.ts';

interface ExportPoisonedProps {
  config: ExperimentConfig;
  view: PoisonView;
  /** Rows of the filter. */
  matched: number;
}

/** Every row of the filter as a zip with its table of provenance. */
export function ExportPoisoned({ config, view, matched }: ExportPoisonedProps) {
  const [progress, setProgress] = useState<number | null>(null);
  const [error, setError] = useState<LabErrorData | null>(null);
  const stop = useRef<(() => void) | null>(null);
  // A dialog that is closed stops what it began.
  useEffect(() => () => stop.current?.(), []);
  const save = async () => {
    setProgress(0);
    setError(null);
    const { step, filter } = view;
    const { result, control } = labWorkers().start<'poison-export'>(
      { kind: 'poison-export', config, step, filter },
      { onEvent: (event) => event.type === 'progress' && setProgress(event.done / Math.max(1, event.total)) },
    );
    stop.current = () => control({ action: 'cancel' });
    try {
      const zip = await result;
      download(safeFileName(`${config.name} poisoned`, 'zip'), [zip], 'application/zip');
    } catch (thrown) {
      const failed = asLabError(thrown);
      if (failed.code !== 'E-CANCELLED') setError(failed.toData());
    } finally {
      stop.current = null;
      setProgress(null);
    }
  };
  return (
    <>
      {error !== null && <ErrorPanel error={error} />}
      {progress !== null && <Progress value={100 * progress} aria-label="Examples written" />}
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed" flex="1 1 200px">
          Pictures in folders of the classes that they are given, or lines of texts, with provenance.csv and
          the experiment.
        </Text>
        {progress !== null && (
          <Button size="xs" variant="default" onClick={() => stop.current?.()}>
            Stop
          </Button>
        )}
        <Button
          size="xs"
          disabled={matched === 0}
          aria-busy={progress !== null}
          onClick={() => {
            if (progress === null) void save();
          }}
        >
          Export {grouped(matched)} as a zip
        </Button>
      </Group>
    </>
  );
}
