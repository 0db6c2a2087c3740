import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconBrush } from '@tabler/icons-react';
import type { LabErrorData } from '../../core/errors.ts';
import { fitInside } from './painter-config.ts';
import type { Painter } from './use-painter.ts';

/** Why the trigger cannot be used yet, what to do, and the button that does it. */
export function TriggerProblem({ painter, error }: { painter: Painter; error: LabErrorData }) {
  const { config, shape, commit, disabled } = painter;
  const empty = config.kind === 'painted' && config.pixels.length === 0;
  const fitted = fitInside(config, shape);
  return (
    <Alert
      role="status"
      variant="light"
      color={empty ? 'blue' : 'orange'}
      p="sm"
      icon={empty ? <IconBrush aria-hidden /> : <IconAlertTriangle aria-hidden />}
    >
      <Text size="sm" fw={600}>
        {error.what}
      </Text>
      <Text size="sm">{error.fix}</Text>
      {fitted !== config && (
        <Button
          size="compact-sm"
          variant="default"
          mt="xs"
          disabled={disabled}
          onClick={() => commit(fitted)}
        >
          Fit it into the image
        </Button>
      )}
    </Alert>
  );
}
