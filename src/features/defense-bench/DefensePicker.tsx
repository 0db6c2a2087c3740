import { ActionIcon, Checkbox, Text, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import { DEFENSE_KINDS, type DefenseKind } from '../../core/defenses/defense.ts';
import { type DefenseId, defenseMethods } from '../../core/defenses/definitions.ts';
import classes from './bench.module.css';
import { AS_PUBLISHED, type ParamChoice } from './params.ts';
import { ParamForm } from './ParamForm.tsx';

export interface DefenseChoice {
  chosen: readonly DefenseId[];
  params: Partial<Record<DefenseId, ParamChoice>>;
}

interface DefensePickerProps {
  value: DefenseChoice;
  onChange: (value: DefenseChoice) => void;
}

const KINDS = Object.keys(DEFENSE_KINDS) as DefenseKind[];

/** Every defense by what it does, with its help, and its parameters when they are wanted. */
export function DefensePicker({ value, onChange }: DefensePickerProps) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  return (
    <>
      {KINDS.map((kind) => {
        const methods = defenseMethods.filter((one) => one.kind === kind);
        if (methods.length === 0) return null;
        return (
          <div key={kind} role="group" aria-label={DEFENSE_KINDS[kind]}>
            <Text size="xs" c="dimmed" fw={600} mt="xs" mb={2}>
              {DEFENSE_KINDS[kind]}
            </Text>
            <ul className={classes.choices}>
              {methods.map(({ id: name, title, description, paper }) => {
                const id = name as DefenseId;
                const isOpen = open.has(id);
                return (
                  <li key={id}>
                    <div className={classes.choice}>
                      <Tooltip
                        label={`${description} ${paper ? `(${paper.authors}, ${paper.year})` : ''}`}
                        position="right"
                        openDelay={500}
                      >
                        <Checkbox
                          size="xs"
                          label={title}
                          checked={value.chosen.includes(id)}
                          onChange={(event) =>
                            onChange({
                              ...value,
                              chosen: event.currentTarget.checked
                                ? [...value.chosen, id]
                                : value.chosen.filter((one) => one !== id),
                            })
                          }
                        />
                      </Tooltip>
                      <ActionIcon
                        size="sm"
                        aria-label={`Parameters of ${title}`}
                        aria-expanded={isOpen}
                        onClick={() => {
                          const next = new Set(open);
                          if (!next.delete(id)) next.add(id);
                          setOpen(next);
                        }}
                      >
                        <IconAdjustmentsHorizontal size={15} aria-hidden />
                      </ActionIcon>
                    </div>
                    {isOpen && (
                      <div className={classes.params} role="group" aria-label={`Parameters of ${title}`}>
                        <Text size="xs" c="dimmed">
                          {description}
                        </Text>
                        <ParamForm
                          id={id}
                          choice={value.params[id] ?? AS_PUBLISHED}
                          onChange={(choice) =>
                            onChange({ ...value, params: { ...value.params, [id]: choice } })
                          }
                        />
                      </div>
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </>
  );
}
