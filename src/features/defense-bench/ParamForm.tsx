import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { FieldInfo } from '../../core/config/fields.ts';
import type { DefenseId } from '../../core/defenses/definitions.ts';
import { ModelField } from '../experiment/ConfigField.tsx';
import { helpOf, valueInWords } from '../experiment/field-words.ts';
import type { ConfigFieldModel } from '../experiment/use-config-field.ts';
import { AS_PUBLISHED, configured, formFields, type ParamChoice, settingProblem } from './params.ts';
import { definitionOf } from './words.ts';

interface ParamFormProps {
  id: DefenseId;
  choice: ParamChoice;
  onChange: (choice: ParamChoice) => void;
}

/** The parameters of a defense, from its schema; a variant sets some of them. */
export function ParamForm({ id, choice, onChange }: ParamFormProps) {
  const { variants } = definitionOf(id);
  return (
    <div>
      {variants.length > 0 && (
        <NativeSelect
          size="xs"
          label="Implementation"
          description={
            variants.find((one) => one.id === choice.variant)?.description ?? 'As the lab has it by default.'
          }
          value={choice.variant ?? ''}
          data={[
            { value: '', label: 'The lab’s' },
            ...variants.map(({ id: variant, title }) => ({ value: variant, label: title })),
          ]}
          onChange={(event) => onChange({ ...AS_PUBLISHED, variant: event.currentTarget.value || null })}
        />
      )}
      {formFields(id).map((info) => (
        <ParamField key={info.path} id={id} info={info} choice={choice} onChange={onChange} />
      ))}
    </div>
  );
}

function ParamField({ id, info, choice, onChange }: ParamFormProps & { info: FieldInfo }) {
  const [problem, setProblem] = useState<string | null>(null);
  const key = info.path;
  const config: Readonly<Record<string, unknown>> = configured(id, choice);
  const { [key]: own, ...others } = choice.settings;
  const fallback = (configured(id, { ...choice, settings: others }) as Readonly<Record<string, unknown>>)[
    key
  ];
  const model: ConfigFieldModel = {
    info,
    help: helpOf(info),
    value: config[key],
    set: (given) => {
      // A choice among numbers comes back as text.
      const value =
        info.type === 'choice' && settingProblem(id, choice, key, given) !== null ? Number(given) : given;
      const refused = settingProblem(id, choice, key, value);
      setProblem(refused);
      if (refused === null) onChange({ ...choice, settings: { ...choice.settings, [key]: value } });
      return refused === null;
    },
    problem,
    forgetProblem: () => setProblem(null),
    reset:
      own === undefined || JSON.stringify(own) === JSON.stringify(fallback)
        ? null
        : {
            label: `Back to ${valueInWords(fallback, info)}`,
            onReset: () => {
              setProblem(null);
              onChange({ ...choice, settings: others });
            },
          },
    note: null,
  };
  return <ModelField model={model} />;
}
