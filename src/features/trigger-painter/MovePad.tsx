import { ActionIcon, Group } from '@mantine/core';
import { IconArrowDown, IconArrowLeft, IconArrowRight, IconArrowUp } from '@tabler/icons-react';
import { moveBy } from './painter-config.ts';
import type { Painter } from './use-painter.ts';

const DIRECTIONS = [
  { label: 'Move trigger left', icon: IconArrowLeft, rows: 0, columns: -1 },
  { label: 'Move trigger up', icon: IconArrowUp, rows: -1, columns: 0 },
  { label: 'Move trigger down', icon: IconArrowDown, rows: 1, columns: 0 },
  { label: 'Move trigger right', icon: IconArrowRight, rows: 0, columns: 1 },
];

/** Four arrows that move the trigger by one pixel; an arrow at the edge is off. */
export function MovePad({ painter }: { painter: Painter }) {
  return (
    <Group gap={4} wrap="nowrap" role="group" aria-label="Move trigger">
      {DIRECTIONS.map(({ label, icon: Face, rows, columns }) => {
        const moved = moveBy(painter.config, rows, columns, painter.shape);
        return (
          <ActionIcon
            key={label}
            variant="default"
            size={30}
            aria-label={label}
            disabled={painter.disabled || moved === painter.config}
            onClick={() => painter.commit(moved)}
          >
            <Face size={16} aria-hidden />
          </ActionIcon>
        );
      })}
    </Group>
  );
}
