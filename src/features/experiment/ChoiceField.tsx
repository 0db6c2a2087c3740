import { NativeSelect } from '@mantine/core';
import { Field } from '../../ui/Field.tsx';
import type { ConfigFieldModel } from './use-config-field.ts';

interface ChoiceFieldProps {
  field: ConfigFieldModel;
  /** The option that is chosen; not always what stands in the draft. */
  value: string;
  options: { value: string; label: string }[];
  onChoose: (value: string) => void;
}

/** A choice among options that the schema does not know: data sets, class names. */
export function ChoiceField({ field, value, options, onChoose }: ChoiceFieldProps) {
  const { info, help, problem, reset, note } = field;
  return (
    <Field
      label={info.title}
      help={help}
      problem={problem}
      reset={reset}
      note={note}
      input={(input) => (
        <NativeSelect
          {...input}
          size="xs"
          value={value}
          data={options}
          onChange={(event) => onChoose(event.currentTarget.value)}
        />
      )}
    />
  );
}
