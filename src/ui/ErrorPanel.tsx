import { Alert, Button, CopyButton, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ERROR_CODES, type LabErrorData } from '../core/errors.ts';

interface ErrorAction {
  label: string;
  onClick: () => void;
}

interface ErrorPanelProps {
  error: LabErrorData;
  /** What can be done about it; the first is the one to take. */
  actions?: ErrorAction[];
  onClose?: () => void;
}

/** An error in full as text, for a report. */
export function errorDetails(error: LabErrorData): string {
  const where = error.where === undefined ? '' : `Where: ${error.where}\n`;
  return `${error.code}: ${ERROR_CODES[error.code]}\n${error.what}\n${error.why}\n${error.fix}\n${where}${navigator.userAgent}`;
}

/** What happened, why, and what to do, with the code and its meaning. */
export function ErrorPanel({ error, actions = [], onClose }: ErrorPanelProps) {
  return (
    <Alert
      color="red"
      variant="light"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={error.what}
      {...(onClose && { withCloseButton: true, closeButtonLabel: 'Dismiss', onClose })}
    >
      <Stack gap="xs">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {[error.why, error.fix].filter((part) => part !== '').join(' ')}
        </Text>
        <Group gap="xs">
          {actions.map((action, index) => (
            <Button key={action.label} variant={index === 0 ? 'filled' : 'default'} onClick={action.onClick}>
              {action.label}
            </Button>
          ))}
          <CopyButton value={errorDetails(error)}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy details'}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Text size="xs">
          {error.code}: {ERROR_CODES[error.code].toLowerCase()}
          {error.where !== undefined && ` (${error.where})`}
        </Text>
      </Stack>
    </Alert>
  );
}
