import { Button, Loader, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { ExportKind } from './exports.ts';
import classes from './TakeHome.module.css';

interface ExportButtonProps {
  kind: ExportKind;
  blocked: boolean;
  onSave: () => Promise<void>;
}

export function ExportButton({ kind, blocked, onSave }: ExportButtonProps) {
  const [busy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    await onSave();
    setBusy(false);
  };
  return (
    <div className={classes.export}>
      <Button
        variant="default"
        leftSection={busy ? <Loader size={16} aria-hidden /> : <IconDownload size={16} aria-hidden />}
        justify="start"
        disabled={blocked}
        aria-busy={busy}
        onClick={() => {
          // Not disabled meanwhile: that would take the focus away.
          if (!busy) void save();
        }}
      >
        {kind.title}
      </Button>
      <Text size="xs" c="dimmed">
        {kind.hint}
      </Text>
    </div>
  );
}
