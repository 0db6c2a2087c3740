import { Button, SegmentedControl, Slider, Stack, Text } from '@mantine/core';
import { IconRestore } from '@tabler/icons-react';
import { useId } from 'react';
import type { SynthesizerConfig } from '../../core/config/schema.ts';
import { percent } from './describe-cell.ts';
import { backdoors101Pattern, setKind } from './painter-config.ts';
import { sameValue } from './painter-history.ts';
import classes from './TriggerPainter.module.css';
import type { Painter } from './use-painter.ts';

const KINDS: { value: SynthesizerConfig['kind']; label: string }[] = [
  { value: 'pattern', label: 'Pattern' },
  { value: 'single_pixel', label: 'Single pixel' },
  { value: 'painted', label: 'Painted' },
];

/** The kind of trigger, and the way back to the pattern of Backdoors 101. */
export function KindControls({ painter }: { painter: Painter }) {
  const { config, shape, disabled, commit } = painter;
  const standard = backdoors101Pattern(shape);
  return (
    <Stack gap="xs">
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
      {config.kind === 'single_pixel' && <PixelBrightness painter={painter} value={config.value} />}
      {!sameValue(config, standard) && (
        <Button
          size="compact-xs"
          variant="subtle"
          className={classes.start}
          disabled={disabled}
          leftSection={<IconRestore size={14} aria-hidden />}
          onClick={() => commit(standard)}
        >
          Reset to Backdoors 101 pattern
        </Button>
      )}
    </Stack>
  );
}

function PixelBrightness({ painter, value }: { painter: Painter; value: number }) {
  const id = useId();
  const { config, commit, disabled } = painter;
  return (
    <div>
      <Text size="xs" fw={500} id={id} className={classes.number}>
        Brightness of the pixel: {percent(value)}
      </Text>
      <Slider
        size="sm"
        mt={8}
        min={0}
        max={1}
        step={0.05}
        disabled={disabled}
        label={percent}
        value={value}
        onChange={(next) => {
          if (config.kind === 'single_pixel') commit({ ...config, value: Math.round(next * 100) / 100 });
        }}
        thumbProps={{ 'aria-labelledby': id, 'aria-valuetext': percent(value) }}
      />
    </div>
  );
}
