import { ActionIcon, Group, Slider } from '@mantine/core';
import { IconZoomIn, IconZoomOut } from '@tabler/icons-react';
import { percent } from './describe-cell.ts';
import classes from './TriggerPainter.module.css';
import { MAX_ZOOM } from './zoom.ts';

interface ZoomControlsProps {
  zoom: number;
  onZoom: (zoom: number) => void;
}

/** Zoom by buttons and slider; the wheel with Ctrl works on the grid itself. */
export function ZoomControls({ zoom, onZoom }: ZoomControlsProps) {
  return (
    <Group gap="xs" wrap="nowrap">
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.step}
        aria-label="Zoom out"
        disabled={zoom <= 1}
        onClick={() => onZoom(zoom / 1.25)}
      >
        <IconZoomOut size={18} aria-hidden />
      </ActionIcon>
      <Slider
        flex={1}
        size={6}
        thumbSize={24}
        min={1}
        max={MAX_ZOOM}
        step={0.05}
        value={zoom}
        onChange={onZoom}
        label={percent}
        thumbLabel="Zoom"
        thumbValueText={percent}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.step}
        aria-label="Zoom in"
        disabled={zoom >= MAX_ZOOM}
        onClick={() => onZoom(zoom * 1.25)}
      >
        <IconZoomIn size={18} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
