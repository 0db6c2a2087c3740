import { Button, ColorInput, Group, SegmentedControl, Slider, Stack, Text, Tooltip } from '@mantine/core';
import { useId } from 'react';
import { greyColor } from '../../core/triggers/color.ts';
import { describeColor, percent } from './describe-cell.ts';
import { setOpacity } from './painter-pixels.ts';
import classes from './TriggerPainter.module.css';
import type { Painter } from './use-painter.ts';

const GREYS = [0, 0.2, 0.4, 0.6, 0.8, 1].map(greyColor);
/** Black, white, and colours that stay apart for colour-blind eyes (Okabe and Ito, 2008). */
const COLORS = [
  '#000000',
  '#ffffff',
  '#e69f00',
  '#56b4e9',
  '#009e73',
  '#f0e442',
  '#0072b2',
  '#d55e00',
  '#cc79a7',
];
const SIZES = ['1', '2', '3'];

/** Colour, opacity and size of the brush. */
export function BrushControls({ painter }: { painter: Painter }) {
  const { brush, setBrush, disabled, shape } = painter;
  const opacityId = useId();
  const differs = painter.pixels.some(([, , , opacity]) => opacity !== brush.opacity);
  return (
    <Stack gap="sm">
      <Palette painter={painter} />
      <Group gap="md" wrap="nowrap" align="start">
        <div className={classes.grow}>
          <Group justify="space-between" gap="xs">
            <Text size="xs" fw={500} id={opacityId}>
              Opacity
            </Text>
            <Text size="xs" className={`${classes.quiet} ${classes.number}`}>
              {percent(brush.opacity)}
            </Text>
          </Group>
          <Slider
            size={6}
            thumbSize={24}
            mt={8}
            mb={6}
            min={0.05}
            max={1}
            step={0.05}
            disabled={disabled}
            label={percent}
            value={brush.opacity}
            onChange={(opacity) => setBrush({ opacity: Math.round(opacity * 100) / 100 })}
            thumbProps={{ 'aria-labelledby': opacityId }}
            thumbValueText={percent}
          />
        </div>
        <div>
          <Text size="xs" fw={500} mb={2}>
            Size
          </Text>
          <SegmentedControl
            size="xs"
            className={classes.sizes}
            aria-label="Brush size in pixels"
            disabled={disabled}
            data={SIZES}
            value={String(brush.size)}
            onChange={(size) => setBrush({ size: Number(size) })}
          />
        </div>
      </Group>
      {differs && (
        <Tooltip label="Blends the trigger into the images" position="bottom-start" withinPortal={false}>
          <Button
            size="compact-sm"
            fz="xs"
            variant="subtle"
            className={classes.start}
            disabled={disabled}
            onClick={() => painter.commit(setOpacity(painter.config, brush.opacity, shape))}
          >
            Give the whole trigger {percent(brush.opacity)} opacity
          </Button>
        </Tooltip>
      )}
    </Stack>
  );
}

/** Six greys for grey images; nine colours and any other for colour images. */
function Palette({ painter: { brush, setBrush, disabled, shape } }: { painter: Painter }) {
  const id = useId();
  const grey = shape.channels === 1;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="xs" fw={500} id={id}>
          {grey ? 'Brightness' : 'Colour'}
        </Text>
        <Text size="xs" className={classes.quiet}>
          {describeColor(brush.color)}
        </Text>
      </Group>
      <div role="group" aria-labelledby={id} className={classes.palette}>
        {(grey ? GREYS : COLORS).map((color) => (
          <button
            key={color}
            type="button"
            className={classes.swatch}
            style={{ backgroundColor: color }}
            aria-label={describeColor(color)}
            aria-pressed={brush.color === color}
            disabled={disabled}
            onClick={() => setBrush({ color })}
          />
        ))}
      </div>
      {!grey && (
        <ColorInput
          mt="xs"
          size="xs"
          aria-label="Any colour"
          disabled={disabled}
          value={brush.color}
          onChange={(color) => {
            if (/^#[0-9a-f]{6}$/i.test(color)) setBrush({ color: color.toLowerCase() });
          }}
          eyeDropperButtonProps={{ 'aria-label': 'Take a colour from the screen' }}
          popoverProps={{ position: 'bottom-start' }}
        />
      )}
    </div>
  );
}
