import { Group, NativeSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { grouped } from '../../core/formats/bytes.ts';
import { ROW_KINDS } from '../../core/training/row-kinds.ts';
import type { PoisonPage } from '../../workers/poison-jobs.ts';
import type { PoisonView } from './use-poisoned-set.ts';
import { KIND_WORDS } from './words.ts';

interface PoisonFilterProps {
  page: PoisonPage;
  view: PoisonView;
  onChange: (change: Partial<PoisonView>) => void;
}

/** Which rows are shown: by what was done to them, by class, by index; and of which step. */
export function PoisonFilter({ page, view, onChange }: PoisonFilterProps) {
  const { filter, step } = view;
  const { counts, classes } = page;
  const kinds = [
    { value: 'all', label: `All ${grouped(counts.poisoned + counts.cover + counts.clean)}` },
    ...(['poisoned', 'cover', 'clean'] as const).map((kind) => ({
      value: kind,
      label: `${KIND_WORDS[kind]} ${grouped(counts[kind])}`,
    })),
  ];
  const classOptions = [
    { value: '', label: 'any' },
    ...classes.map((name, index) => ({
      value: String(index),
      label: name === String(index) ? name : `${index}: ${name}`,
    })),
  ];
  const chosen = (value: string): number | undefined => (value === '' ? undefined : Number(value));
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Show examples"
        value={filter.kind ?? 'all'}
        data={kinds}
        onChange={(value) =>
          onChange({ filter: { ...filter, kind: ROW_KINDS.find((kind) => kind === value) } })
        }
      />
      <Group grow preventGrowOverflow={false} gap="xs" align="end">
        <NativeSelect
          size="xs"
          label="It is a"
          data={classOptions}
          value={filter.source === undefined ? '' : String(filter.source)}
          onChange={(event) => onChange({ filter: { ...filter, source: chosen(event.currentTarget.value) } })}
        />
        <NativeSelect
          size="xs"
          label="It is labelled"
          data={classOptions}
          value={filter.label === undefined ? '' : String(filter.label)}
          onChange={(event) => onChange({ filter: { ...filter, label: chosen(event.currentTarget.value) } })}
        />
        <NumberInput
          size="xs"
          label="Training example"
          placeholder="any"
          min={0}
          allowDecimal={false}
          value={filter.index ?? ''}
          onChange={(value) =>
            onChange({ filter: { ...filter, index: typeof value === 'number' ? value : undefined } })
          }
        />
        {page.place && (
          <NumberInput
            size="xs"
            label={`Step, of ${grouped(page.steps)}`}
            min={1}
            max={page.steps}
            allowDecimal={false}
            value={step}
            onChange={(value) => {
              if (typeof value === 'number' && value >= 1) onChange({ step: value });
            }}
          />
        )}
      </Group>
    </>
  );
}
