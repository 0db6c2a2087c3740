/** Short messages at the edge of the page. Errors stay until they are closed. */
import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { LabErrorData } from '../core/errors.ts';

/** Shared by all messages: words that can be read on their ground (WCAG AA), and a named way out. */
const COMMON = {
  withBorder: true,
  styles: { description: { color: 'var(--mantine-color-dimmed)' } },
  closeButtonProps: { 'aria-label': 'Dismiss' },
};

export function notifyError(error: LabErrorData): void {
  notifications.show({
    id: `${error.code} ${error.what}`,
    color: 'red',
    role: 'alert',
    autoClose: false,
    title: error.what,
    message: `${error.why} ${error.fix} (${error.code})`.trim(),
    ...COMMON,
  });
}

export function notifyWarning(warning: LabErrorData): void {
  notifications.show({
    id: `${warning.code} ${warning.what}`,
    color: 'orange',
    autoClose: 15_000,
    title: warning.what,
    message: `${warning.why} ${warning.fix}`.trim(),
    ...COMMON,
  });
}

export function notifyDone(message: string): void {
  notifications.show({ message, autoClose: 4_000, ...COMMON });
}

/** A message with one thing to do about it, such as Undo. */
export function notifyWithAction(id: string, message: string, label: string, act: () => void): void {
  notifications.show({
    id,
    autoClose: 12_000,
    ...COMMON,
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          variant="light"
          onClick={() => {
            notifications.hide(id);
            act();
          }}
        >
          {label}
        </Button>
      </Group>
    ),
  });
}
