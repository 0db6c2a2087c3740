import { Button, Checkbox, Group } from '@mantine/core';
import { type InjectionConfig, type LabelConfig, OBJECTIVES } from '../../core/config/schema.ts';
import { useDatasets } from '../../state/dataset-store.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { usePage } from '../../state/page-store.ts';
import { Field } from '../../ui/Field.tsx';
import { BalancerPanel } from './BalancerPanel.tsx';
import { EvasionSwitches } from './EvasionSwitches.tsx';
import { fitBalancer, toggled } from './balancer.ts';
import { ChoiceField } from './ChoiceField.tsx';
import { ConfigField } from './ConfigField.tsx';
import { IndexListField } from './IndexListField.tsx';
import { useConfigField } from './use-config-field.ts';

/** How the backdoor gets into the model, and what it should make of triggered inputs. */
export function AttackSection() {
  const attack = useExperiment((state) => state.draft.attack);
  return (
    <>
      <ConfigField path="attack.enabled" />
      <ConfigField path="attack.label.kind" />
      <LabelFields label={attack.label} />
      {attack.enabled && <InjectionFields />}
      {attack.enabled && (
        <Group justify="end" mt="xs">
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              usePage.getState().open('poisoned-set');
            }}
          >
            See the poisoned training set
          </Button>
        </Group>
      )}
    </>
  );
}

function LabelFields({ label }: { label: LabelConfig }) {
  switch (label.kind) {
    case 'one_target':
      return <TargetField />;
    case 'all_to_all':
      return <ConfigField path="attack.label.shift" />;
    case 'source_specific':
      return (
        <>
          <IndexListField path="attack.label.sources" />
          <TargetField />
        </>
      );
    case 'digits':
      return <ConfigField path="attack.label.operation" />;
    case 'attribute':
      return <ConfigField path="attack.label.name" />;
  }
}

function InjectionFields() {
  const kind = useExperiment((state) => state.draft.attack.injection.kind);
  return (
    <>
      <ConfigField path="attack.injection.kind" />
      <PoisonFields kind={kind} />
    </>
  );
}

function PoisonFields({ kind }: { kind: InjectionConfig['kind'] }) {
  if (kind === 'model') return <ModelFields />;
  return (
    <>
      {kind !== 'loss' && <ConfigField path="attack.injection.fraction" />}
      {kind === 'clean_label' ? (
        <>
          <ConfigField path="attack.injection.epsilon" />
          <ConfigField path="attack.injection.steps" />
          <ConfigField path="attack.injection.surrogate_epochs" />
        </>
      ) : (
        <ConfigField path="attack.injection.cover" />
      )}
      {kind === 'loss' && (
        <>
          <ObjectivesField />
          <BalancerPanel />
          <EvasionSwitches />
          <ConfigField path="attack.injection.proportion" />
          <ConfigField path="attack.injection.loss_threshold" empty="from the start" />
          <ConfigField path="attack.injection.clip_batch" empty="all" />
        </>
      )}
    </>
  );
}

/** Only the subnet is trained. */
function ModelFields() {
  const injection = useExperiment((state) => state.draft.attack.injection);
  return (
    <>
      <ConfigField path="attack.injection.method" />
      <ConfigField path="attack.injection.channels" />
      <ConfigField path="attack.injection.strength" />
      <ConfigField path="attack.injection.examples" />
      {injection.kind === 'model' && injection.method === 'subnet' && (
        <ConfigField path="attack.injection.steps" />
      )}
    </>
  );
}

/** The target class by its name, where the data set is known. */
function TargetField() {
  const path = 'attack.label.target';
  const field = useConfigField(path);
  const { value, set } = field;
  const classes = useDatasets((state) => state.info?.classes ?? null);
  if (classes === null || typeof value !== 'number' || value >= classes.length)
    return <ConfigField path={path} />;
  const options = classes.map((name, index) => ({
    value: String(index),
    label: name === String(index) ? name : `${index}: ${name}`,
  }));
  return (
    <ChoiceField
      field={field}
      value={String(value)}
      options={options}
      onChoose={(chosen) => set(Number(chosen))}
    />
  );
}

function ObjectivesField() {
  const { info, help, problem, reset, note } = useConfigField('attack.injection.objectives');
  const injection = useExperiment((state) => state.draft.attack.injection);
  const setPath = useExperiment((state) => state.setPath);
  if (injection.kind !== 'loss') return null;
  const { objectives, balancer } = injection;
  return (
    <Field label={info.title} help={help} problem={problem} reset={reset} note={note} group>
      {() => (
        <Group gap="sm" justify="end">
          {OBJECTIVES.map((objective) => (
            <Checkbox
              key={objective}
              size="xs"
              label={objective}
              checked={objectives.includes(objective)}
              onChange={(event) => {
                const next = toggled(objectives, objective, event.currentTarget.checked);
                setPath('attack.injection', {
                  ...injection,
                  objectives: next,
                  balancer: fitBalancer(balancer, next),
                });
              }}
            />
          ))}
        </Group>
      )}
    </Field>
  );
}
