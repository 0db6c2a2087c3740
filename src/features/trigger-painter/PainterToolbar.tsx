import { ActionIcon, Group, SegmentedControl, Tooltip, VisuallyHidden } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsMove,
  IconBrush,
  IconEraser,
  IconTrash,
  type Icon,
} from '@tabler/icons-react';
import classes from './TriggerPainter.module.css';
import { TOOLS, type Tool } from './stroke.ts';
import type { Painter } from './use-painter.ts';

const TOOL_FACES: Record<Tool, { icon: Icon; label: string; hint: string }> = {
  brush: { icon: IconBrush, label: 'Brush', hint: 'Paints; Alt takes a colour, the right button erases' },
  eraser: { icon: IconEraser, label: 'Eraser', hint: 'Gives the pixel of the image back' },
  move: { icon: IconArrowsMove, label: 'Move', hint: 'Drags the whole trigger' },
};

interface StepButtonProps {
  icon: Icon;
  label: string;
  hint?: string;
  onClick: (() => void) | null;
}

function StepButton({ icon: Face, label, hint, onClick }: StepButtonProps) {
  return (
    <Tooltip label={hint === undefined ? label : `${label} (${hint})`} withinPortal={false}>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.step}
        size="lg"
        aria-label={label}
        disabled={onClick === null}
        onClick={() => onClick?.()}
      >
        <Face size={20} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** Tools on the left, steps on the right. */
export function PainterToolbar({ painter }: { painter: Painter }) {
  const { config, disabled } = painter;
  const random = config.placement.kind === 'random';
  const empty = config.kind === 'painted' && config.pixels.length === 0;
  const clear = (): void =>
    painter.commit({
      kind: 'painted',
      pixels: [],
      placement: config.placement.kind === 'random' ? config.placement : { kind: 'as_painted' },
    });

  return (
    <Group justify="space-between" gap="xs" wrap="nowrap">
      <SegmentedControl
        size="sm"
        aria-label="Tool"
        className={classes.tools}
        disabled={disabled}
        value={painter.tool}
        onChange={(tool) => painter.setTool(TOOLS.find((each) => each === tool) ?? 'brush')}
        data={TOOLS.map((tool) => {
          const { icon: Face, label, hint } = TOOL_FACES[tool];
          return {
            value: tool,
            disabled: tool === 'move' && random,
            label: (
              <Tooltip label={hint} withinPortal={false} position="top-start" openDelay={500}>
                <span className={classes.tool}>
                  <Face size={18} aria-hidden />
                  <span className={classes.toolName}>{label}</span>
                  <VisuallyHidden className={classes.toolHidden}>{label}</VisuallyHidden>
                </span>
              </Tooltip>
            ),
          };
        })}
      />
      <Group gap={2} wrap="nowrap">
        <StepButton icon={IconArrowBackUp} label="Undo" hint="Ctrl+Z" onClick={painter.undo} />
        <StepButton icon={IconArrowForwardUp} label="Redo" hint="Ctrl+Shift+Z" onClick={painter.redo} />
        <StepButton icon={IconTrash} label="Clear" onClick={empty || disabled ? null : clear} />
      </Group>
    </Group>
  );
}
