import { NativeSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type ControlProps, Field } from '../../ui/Field.tsx';
import { NumberControl, type NumberControlProps } from './NumberControl.tsx';
import { useConfigField, type ConfigFieldModel } from './use-config-field.ts';

/** Options with longer titles need the whole width. */
const LONG_TITLE = 18;

interface ConfigFieldProps {
  /** Dotted path in the experiment: `training.epochs`; one that ends in `.kind` chooses its section. */
  path: string;
  /** Says what an empty field means: `all`, `none`. */
  empty?: string;
  /** A quiet line below, when there is more to say than the schema knows. */
  note?: string;
  /** Called after the draft took a new value. */
  onSet?: () => void;
}

/** One field of the experiment; its label, help, range and control all come from the schema. */
export function ConfigField({ path, onSet, ...words }: ConfigFieldProps) {
  const field = useConfigField(path);
  const model: ConfigFieldModel = {
    ...field,
    set: (value) => {
      const taken = field.set(value);
      if (taken) onSet?.();
      return taken;
    },
  };
  return <ModelField model={model} {...words} />;
}

interface ModelFieldProps extends Pick<ConfigFieldProps, 'empty' | 'note'> {
  model: ConfigFieldModel;
}

/** The same for a field of any schema. */
export function ModelField({ model, empty, note: ownNote }: ModelFieldProps) {
  const { info, help, note, problem, reset } = model;
  const [leftBehind, setLeftBehind] = useState<string | null>(null);
  return (
    <Field
      label={info.title}
      help={help}
      note={note ?? ownNote ?? null}
      problem={problem}
      refused={problem === null ? leftBehind : null}
      reset={reset}
      wide={info.options.some(({ title }) => title.length > LONG_TITLE)}
      {...(info.type === 'boolean'
        ? { children: (control) => <SwitchControl model={model} control={control} /> }
        : {
            input: (input) => (
              <InputControl model={model} input={input} empty={empty ?? 'empty'} onLeave={setLeftBehind} />
            ),
          })}
    />
  );
}

function SwitchControl({ model, control }: { model: ConfigFieldModel; control: ControlProps }) {
  return (
    <Switch
      {...control}
      checked={model.value === true}
      onChange={(event) => model.set(event.currentTarget.checked)}
      styles={{ root: { justifySelf: 'end' } }}
    />
  );
}

/** What is refused, such as an empty text, stays to be gone on with until the field is left. */
function TextControl({ model, input }: Pick<NumberControlProps, 'model' | 'input'>) {
  const [refused, setRefused] = useState<string | null>(null);
  const { info, value, set, forgetProblem } = model;
  return (
    <TextInput
      {...input}
      value={refused ?? (typeof value === 'string' ? value : '')}
      {...(info.maxLength !== null && { maxLength: info.maxLength })}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setRefused(set(text) ? null : text);
      }}
      onBlur={() => {
        if (refused === null) return;
        setRefused(null);
        forgetProblem();
      }}
    />
  );
}

function InputControl(parts: NumberControlProps) {
  const { model, input } = parts;
  const { info, value, set } = model;
  switch (info.type) {
    case 'integer':
    case 'number':
      return <NumberControl {...parts} />;
    case 'choice':
      return (
        <NativeSelect
          {...input}
          size="xs"
          value={String(value)}
          data={info.options.map((option) => ({ value: option.value, label: option.title }))}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'text':
      return <TextControl model={model} input={input} />;
    case 'boolean':
    case 'list':
    case 'map':
    case 'section':
      throw new RangeError(`${info.path} needs a control of its own.`);
  }
}
