import { Button, SegmentedControl, Slider, Text } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useId } from 'react';
import type { PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import { percent } from './describe-cell.ts';
import { backdoors101Pattern, setKind } from './painter-config.ts';
import { sameValue } from './painter-history.ts';
import classes from './TriggerPainter.module.css';
import type { Painter } from './use-painter.ts';

const KINDS: { value: PlacedSynthesizerConfig['kind']; label: string }[] = [
  { value: 'pattern', label: 'Pattern' },
  { value: 'single_pixel', label: 'Single pixel' },
  { value: 'painted', label: 'Painted' },
];

/** The kind of trigger. Nothing above the grid changes its height: the grid must not move under the pointer. */
export function KindControls({ painter: { config, shape, disabled, commit } }: { painter: Painter }) {
  return (
    <SegmentedControl
      fullWidth
      size="sm"
      aria-label="Kind of trigger"
      disabled={disabled}
      value={config.kind}
      data={KINDS}
      onChange={(kind) => {
        const chosen = KINDS.find(({ value }) => value === kind);
        if (chosen !== undefined) commit(setKind(config, chosen.value, shape));
      }}
    />
  );
}

/** The way back to the pattern of Backdoors 101. */
export function ResetButton({ painter: { config, shape, disabled, commit } }: { painter: Painter }) {
  const standard = backdoors101Pattern(shape);
  return (
    <Button
      size="compact-sm"
      fz="xs"
      variant="subtle"
      className={`${classes.start} ${classes.step}`}
      disabled={disabled || sameValue(config, standard)}
      leftSection={<IconRestore size={14} aria-hidden />}
      onClick={() => commit(standard)}
    >
      Reset to Backdoors 101 pattern
    </Button>
  );
}

/** How bright the pixel of a single-pixel trigger is. */
export function PixelBrightness({ painter: { config, commit, disabled } }: { painter: Painter }) {
  const id = useId();
  if (config.kind !== 'single_pixel') return null;
  return (
    <div>
      <Text size="xs" fw={500} id={id} className={classes.number}>
        Brightness of the pixel: {percent(config.value)}
      </Text>
      <Slider
        size={6}
        thumbSize={24}
        mt={8}
        min={0}
        max={1}
        step={0.05}
        disabled={disabled}
        label={percent}
        value={config.value}
        onChange={(value) => commit({ ...config, value: Math.round(value * 100) / 100 })}
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': percent(config.value) }}
      />
    </div>
  );
}
