import { Text } from '@mantine/core';
import { EVASIONS, type EvasionName } from '../../core/config/schema.ts';
import { experimentStore, useExperiment } from '../../state/experiment-store.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { changesLiveRun } from './balancer.ts';
import { ConfigField } from './ConfigField.tsx';

/** What each evasion lets a person set, shown while it is on. */
const SETTINGS: Record<EvasionName, readonly string[]> = {
  neural_cleanse: ['search_steps', 'search_rate', 'mask_norm', 'p', 'restart_every'],
  sentinet_evasion: [],
  spectral_evasion: ['similarity', 'inputs', 'clean_epochs'],
  activation_clustering_evasion: [],
  strip_evasion: [],
  pruning_aware: ['fraction'],
};

/** Further objectives by which the backdoor hides; the switches act on the run that is on, from its next step. */
export function EvasionSwitches() {
  const evasions = useExperiment((state) => state.draft.attack.evasions);
  const live = useRun((state) => changesLiveRun(state.phase, state.config));
  return (
    <>
      {EVASIONS.map((name) => (
        <div key={name}>
          <ConfigField
            path={`attack.evasions.${name}.enabled`}
            onSet={() => {
              if (live) runStore.getState().setEvasions(switchedOn());
            }}
          />
          {evasions[name].enabled &&
            SETTINGS[name].map((key) => (
              <ConfigField key={key} path={`attack.evasions.${name}.${key}`} empty="never" />
            ))}
        </div>
      ))}
      {live && (
        <Text size="xs" c="dimmed">
          The switches act on this run from its next step.
        </Text>
      )}
    </>
  );
}

function switchedOn(): EvasionName[] {
  const { evasions } = experimentStore.getState().draft.attack;
  return EVASIONS.filter((name) => evasions[name].enabled);
}
