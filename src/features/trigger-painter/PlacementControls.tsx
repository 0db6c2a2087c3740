import { Group, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useTypedNumber } from '../../ui/useTypedNumber.ts';
import { MovePad } from './MovePad.tsx';
import { moveTo, setRandom, withPlacement, type RandomPlacement } from './painter-config.ts';
import { triggerBox, type Box } from './painter-pixels.ts';
import { PlaceField } from './PlaceField.tsx';
import { SizeField } from './SizeField.tsx';
import { sizeProblems } from './size-problems.ts';
import classes from './TriggerPainter.module.css';
import type { Painter } from './use-painter.ts';

/** Where the trigger lands: at one place, or anywhere, in several sizes and mirrored. */
export function PlacementControls({ painter }: { painter: Painter }) {
  const { config, shape, disabled, commit } = painter;
  const { placement } = config;
  return (
    <Stack gap="sm">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label="Placement"
        disabled={disabled}
        value={placement.kind === 'random' ? 'random' : 'fixed'}
        onChange={(kind) => commit(setRandom(config, kind === 'random', shape))}
        data={[
          { value: 'fixed', label: 'Fixed place' },
          { value: 'random', label: 'Random place' },
        ]}
      />
      {placement.kind === 'random' ? (
        <RandomControls painter={painter} placement={placement} />
      ) : (
        <FixedControls painter={painter} />
      )}
    </Stack>
  );
}

function FixedControls({ painter }: { painter: Painter }) {
  const { config, shape } = painter;
  const box = triggerBox(config, shape);
  if (box === null) {
    return (
      <Text size="xs" className={classes.quiet}>
        The trigger lands where you paint it.
      </Text>
    );
  }
  return <PlaceFields painter={painter} box={box} />;
}

function PlaceFields({ painter, box }: { painter: Painter; box: Box }) {
  const { config, shape, disabled, commit } = painter;
  const row = useTypedNumber(
    box.top,
    { minimum: 0, maximum: Math.max(0, shape.height - box.height), whole: true },
    (next) => commit(moveTo(config, { row: next, column: box.left }, shape)),
  );
  const column = useTypedNumber(
    box.left,
    { minimum: 0, maximum: Math.max(0, shape.width - box.width), whole: true },
    (next) => commit(moveTo(config, { row: box.top, column: next }, shape)),
  );
  return (
    <div>
      <Group gap="xs" align="end" wrap="nowrap">
        <PlaceField label="Row" field={row} disabled={disabled} />
        <PlaceField label="Column" field={column} disabled={disabled} />
        <MovePad painter={painter} />
      </Group>
      {row.problem !== null && (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" aria-hidden>
          Row: {row.problem}
        </Text>
      )}
      {column.problem !== null && (
        <Text size="xs" mt={4} c="var(--mantine-color-error)" aria-hidden>
          Column: {column.problem}
        </Text>
      )}
    </div>
  );
}

function RandomControls({ painter, placement }: { painter: Painter; placement: RandomPlacement }) {
  const { config, shape, disabled, commit } = painter;
  const box = triggerBox(config, shape);
  const drawn = box === null ? null : Math.min(box.height, box.width);
  const change = (part: Partial<RandomPlacement>): void =>
    commit(withPlacement(config, { ...placement, ...part }));
  const problem = sizeProblems(config, placement, shape);
  const placeholder = drawn === null ? 'as drawn' : `${drawn}, as drawn`;
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text size="xs" fw={500}>
          A new place for each
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="A new place for each"
          disabled={disabled}
          value={placement.per}
          onChange={(per) => change({ per: per === 'example' ? 'example' : 'batch' })}
          data={[
            { value: 'batch', label: 'Batch' },
            { value: 'example', label: 'Example' },
          ]}
        />
      </Group>
      <Group gap="xs" grow wrap="nowrap" align="start">
        <SizeField
          label="Shorter side from"
          value={placement.min_size}
          problem={problem.smallest}
          placeholder={placeholder}
          disabled={disabled}
          onSize={(min_size) => change({ min_size })}
        />
        <SizeField
          label="to (px)"
          value={placement.max_size}
          problem={problem.largest}
          placeholder={placeholder}
          disabled={disabled}
          onSize={(max_size) => change({ max_size })}
        />
      </Group>
      <Switch
        size="sm"
        label="Mirror half of the time"
        disabled={disabled}
        checked={placement.flip}
        onChange={(event) => change({ flip: event.currentTarget.checked })}
      />
    </Stack>
  );
}
