import { NativeSelect, Text } from '@mantine/core';
import { PRESET_GROUPS } from '../../core/config/presets.ts';
import { READY_PRESETS as PRESETS } from '../../state/presets.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { countChanges } from './count-changes.ts';
import classes from './SetupPanel.module.css';

const OWN = 'own';

/** Experiments to start from; a changed one says so. */
export function PresetSelect() {
  const presetId = useExperiment((state) => state.presetId);
  const draft = useExperiment((state) => state.draft);
  const setConfig = useExperiment((state) => state.setConfig);
  const preset = PRESETS.find(({ id }) => id === presetId);
  const changes = preset === undefined ? 0 : countChanges(preset.config, draft);
  return (
    <div className={classes.preset}>
      <NativeSelect
        size="sm"
        label="Experiment"
        value={preset?.id ?? OWN}
        data={[
          ...(preset === undefined ? [{ value: OWN, label: 'Your own' }] : []),
          ...PRESET_GROUPS.map((group) => ({
            group,
            items: PRESETS.filter((one) => one.group === group).map(({ id, title }) => ({
              value: id,
              label: id === preset?.id && changes > 0 ? `${title} (changed)` : title,
            })),
          })).filter(({ items }) => items.length > 0),
        ]}
        onChange={(event) => {
          const chosen = PRESETS.find(({ id }) => id === event.currentTarget.value);
          if (chosen !== undefined) setConfig(chosen.config, chosen.id);
        }}
      />
      <Text size="xs" c="dimmed">
        {preset?.description ?? 'An experiment from a link, a file or the editor.'}
        {preset !== undefined && changes > 0 && (
          <>
            {' '}
            <button
              type="button"
              className={classes.link}
              onClick={() => {
                setConfig(preset.config, preset.id);
              }}
            >
              Take back the {changes === 1 ? 'change' : `${changes} changes`}
            </button>
          </>
        )}
      </Text>
      {preset !== undefined && (
        <Text size="xs" data-testid="expected">
          Expected: {preset.expected}
        </Text>
      )}
    </div>
  );
}
