import { NumberInput, SegmentedControl, Slider, Text } from '@mantine/core';
import { fieldInfo } from '../../core/config/fields.ts';
import type { BalancerConfig, ObjectiveName } from '../../core/config/schema.ts';
import { experimentStore, useExperiment } from '../../state/experiment-store.ts';
import { runStore, useRun } from '../../state/run-store.ts';
import { Field } from '../../ui/Field.tsx';
import { useTypedNumber } from '../../ui/useTypedNumber.ts';
import { changesLiveRun, fixedFrom, withScale } from './balancer.ts';
import { ConfigField } from './ConfigField.tsx';
import classes from './BalancerPanel.module.css';
import { useConfigField } from './use-config-field.ts';

const PATH = 'attack.injection.balancer';

/** MGDA or fixed weights; both act on the run that is on, from its next step. */
export function BalancerPanel() {
  const { help, info, problem } = useConfigField(`${PATH}.kind`);
  const scalesProblem = useConfigField(`${PATH}.scales`).problem;
  const injection = useExperiment((state) => state.draft.attack.injection);
  const setPath = useExperiment((state) => state.setPath);
  const live = useRun((state) => changesLiveRun(state.phase, state.config));
  if (injection.kind !== 'loss') return null;
  const { balancer, objectives } = injection;

  const change = (next: BalancerConfig) => {
    if (setPath(PATH, next) && live) runStore.getState().setBalancer(next);
  };
  const changeKind = (kind: string) => {
    const scales = live ? (runStore.getState().latestStep?.scales ?? {}) : {};
    if (kind === 'fixed') change(fixedFrom(objectives, scales));
    else change({ kind: 'mgda', normalize: 'loss' });
  };
  return (
    <div className={classes.panel}>
      <Field label={info.title} help={help} problem={problem ?? scalesProblem} wide group>
        {() => (
          <SegmentedControl
            fullWidth
            value={balancer.kind}
            aria-label={info.title}
            data={info.options.map(({ value, title }) => ({ value, label: title }))}
            onChange={changeKind}
          />
        )}
      </Field>
      {balancer.kind === 'mgda' ? (
        <ConfigField
          path={`${PATH}.normalize`}
          onSet={() => {
            const now = currentBalancer();
            if (live && now !== null) runStore.getState().setBalancer(now);
          }}
        />
      ) : (
        objectives.map((objective) => (
          <ScaleField
            key={objective}
            objective={objective}
            value={balancer.scales[objective] ?? 0}
            onChange={(value) => {
              change(withScale(balancer, objective, value));
            }}
          />
        ))
      )}
      {live && (
        <Text size="xs" c="dimmed">
          Acts on this run from its next step.
        </Text>
      )}
    </div>
  );
}

function currentBalancer(): BalancerConfig | null {
  const { injection } = experimentStore.getState().draft.attack;
  return injection.kind === 'loss' ? injection.balancer : null;
}

interface ScaleFieldProps {
  objective: ObjectiveName;
  value: number;
  onChange: (value: number) => void;
}

/** The weight of one objective: drag within 0 to 1, or type any weight; what is out of range is refused in words. */
function ScaleField({ objective, value, onChange }: ScaleFieldProps) {
  const { minimum, maximum } = fieldInfo(`${PATH}.scales.${objective}`);
  const limits = { minimum: minimum ?? 0, maximum: maximum ?? Infinity, whole: false };
  const typed = useTypedNumber(value, limits, onChange);
  const name = `Weight of the ${objective} loss`;
  return (
    <Field label={name} help={fieldInfo(`${PATH}.scales`).description} problem={typed.problem} wide group>
      {() => (
        <div className={classes.scale}>
          <Slider
            min={0}
            max={1}
            step={0.01}
            value={Math.min(1, value)}
            label={null}
            thumbLabel={name}
            color={`var(--color-${objective === 'normal' ? 'clean' : 'backdoor'})`}
            onChange={onChange}
          />
          <NumberInput
            aria-label={`${name}, as a number`}
            min={limits.minimum}
            max={limits.maximum}
            step={0.05}
            clampBehavior="none"
            error={typed.problem}
            errorProps={{ className: classes.unseen }}
            value={typed.shown}
            onChange={typed.onChange}
            onBlur={typed.onBlur}
          />
        </div>
      )}
    </Field>
  );
}
