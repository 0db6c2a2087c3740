import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { type BackdoorConfig, MAX_OTHER_BACKDOORS, placedTrigger } from '../../core/config/schema.ts';
import { wordTrigger } from '../../core/synthesizers/words.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { meaningColor, type Meaning } from '../../ui/theme/colors.ts';
import { nextTarget } from './further-backdoors.ts';
import { goalSummary, synthesizerSummary } from './summaries.ts';
import classes from './FurtherBackdoors.module.css';

/** The backdoors beside the first: the form edits the first, and any other can be made the first. */
export function FurtherBackdoors() {
  const attack = useExperiment((state) => state.draft.attack);
  const setPath = useExperiment((state) => state.setPath);
  const set = (others: readonly BackdoorConfig[], first: BackdoorConfig = attack): void => {
    setPath('attack', { ...attack, synthesizer: first.synthesizer, label: first.label, others });
  };
  const add = (): void => {
    const label = nextTarget([attack, ...attack.others]);
    const synthesizer =
      attack.synthesizer.kind === 'words'
        ? { ...wordTrigger(), text: 'amber lantern' }
        : placedTrigger({ kind: 'single_pixel', placement: { kind: 'fixed', row: 0, column: 0 } });
    set([...attack.others, { synthesizer, label }]);
  };
  const makeFirst = (position: number): void => {
    const chosen = attack.others[position];
    if (!chosen) return;
    const { synthesizer, label } = attack;
    set(
      attack.others.map((other, at) => (at === position ? { synthesizer, label } : other)),
      chosen,
    );
  };
  return (
    <section aria-label="Further backdoors" className={classes.further}>
      {attack.others.map((other, position) => (
        <Group key={position} wrap="nowrap" gap="xs" className={classes.row}>
          <span
            className={classes.swatch}
            style={{ background: meaningColor(`backdoor_${position + 2}` as Meaning) }}
            aria-hidden
          />
          <Text size="xs" className={classes.words}>
            Backdoor {position + 2}: {synthesizerSummary(other.synthesizer)}, {goalSummary(other.label)}
          </Text>
          <ActionIcon
            aria-label={`Edit backdoor ${position + 2}: make it the first`}
            onClick={() => makeFirst(position)}
          >
            <IconArrowUp size={14} aria-hidden />
          </ActionIcon>
          <ActionIcon
            aria-label={`Remove backdoor ${position + 2}`}
            onClick={() => set(attack.others.filter((_, at) => at !== position))}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      {attack.others.length < MAX_OTHER_BACKDOORS && (
        <Button
          size="compact-sm"
          fz="xs"
          variant="subtle"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={add}
        >
          Add another backdoor
        </Button>
      )}
    </section>
  );
}
