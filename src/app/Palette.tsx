import { Kbd } from '@mantine/core';
import { Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { IconFlask2, IconSearch } from '@tabler/icons-react';
import type { Action, ActionState } from '../features/experiment/actions.ts';
import { shortcutLabel } from '../features/experiment/shortcut.ts';
import { takeAction, useActionState } from '../features/experiment/use-action.ts';
import { experimentStore } from '../state/experiment-store.ts';
import { READY_PRESETS } from '../state/presets.ts';
import { usePage } from '../state/page-store.ts';
import { ACTIONS } from './actions.ts';

/** Everything that can be done, by typing a part of its name. */
export function Palette() {
  const state = useActionState();
  usePage((page) => page.theme);
  const groups = (['Run', 'Experiment', 'Page'] as const).map((group) => ({
    group,
    actions: ACTIONS.filter((action) => action.group === group && action.id !== 'palette').map((action) =>
      entry(action, state),
    ),
  }));
  const presets: SpotlightActionGroupData = {
    group: 'Start from',
    actions: READY_PRESETS.map(({ id, title, description, config }) => ({
      id: `preset-${id}`,
      label: title,
      description,
      leftSection: <IconFlask2 size={18} aria-hidden />,
      onClick: () => {
        experimentStore.getState().setConfig(config, id);
      },
    })),
  };
  return (
    <Spotlight
      actions={[...groups, presets]}
      shortcut={null}
      nothingFound="Nothing is called that."
      highlightQuery
      scrollable
      maxHeight={420}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'What do you want to do?',
        'aria-label': 'Find a command',
      }}
    />
  );
}

function entry(action: Action, state: ActionState) {
  const { title, icon: ActionGlyph, blocked, hint = action.hint } = action.view(state);
  return {
    id: action.id,
    label: title,
    description: blocked ?? hint,
    disabled: blocked !== null,
    leftSection: <ActionGlyph size={18} aria-hidden />,
    rightSection: action.shortcut === null ? null : <Kbd>{shortcutLabel(action.shortcut)}</Kbd>,
    onClick: () => {
      takeAction(action);
    },
  };
}
