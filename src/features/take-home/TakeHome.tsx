import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import { useRun } from '../../state/run-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { ExportButton } from './ExportButton.tsx';
import { EXPORTS } from './exports.ts';
import { ImportPanel } from './ImportPanel.tsx';

/** Everything that goes out of the lab as a file, and everything that comes in. */
export function TakeHome() {
  const [error, setError] = useState<LabErrorData | null>(null);
  const hasRun = useRun((state) => state.step > 0);
  const attack = useRun((state) => state.config?.attack.enabled ?? true);
  const attempt = async (act: () => void | Promise<void>) => {
    setError(null);
    try {
      await act();
    } catch (thrown) {
      setError(asLabError(thrown).toData());
    }
  };
  return (
    <Stack gap="md">
      {error !== null && (
        <ErrorPanel
          error={error}
          onClose={() => {
            setError(null);
          }}
        />
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
        <Stack gap="xs" component="section" aria-labelledby="take-home-title">
          <Title order={3} id="take-home-title">
            Take home
          </Title>
          {EXPORTS.map((kind) => (
            <ExportButton
              key={kind.id}
              kind={kind}
              blocked={kind.needs !== 'setup' && !hasRun}
              onSave={() => attempt(kind.save)}
            />
          ))}
          <Text size="xs" c="dimmed">
            {hasRun
              ? attack && 'The model may hold a backdoor. Its file says so; do not pass it on as a clean one.'
              : 'Models and figures can be saved after the first step.'}
          </Text>
        </Stack>
        <ImportPanel attempt={attempt} />
      </SimpleGrid>
    </Stack>
  );
}
