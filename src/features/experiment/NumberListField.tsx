import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Field } from '../../ui/Field.tsx';
import { useConfigField } from './use-config-field.ts';

interface NumberListFieldProps {
  /** Dotted path of a list of numbers. */
  path: string;
  /** The numbers that a text is, or why it is refused. */
  parse: (text: string) => number[] | string;
  /** A quiet line below. */
  note?: string | null;
}

/** A list of numbers as a line of text. What is refused stays to be corrected; the draft keeps the last good list. */
export function NumberListField({ path, parse, note: ownNote = null }: NumberListFieldProps) {
  const { info, help, problem, reset, note, value, set } = useConfigField(path);
  const given = Array.isArray(value) ? value.join(', ') : '';
  const [typed, setTyped] = useState<string | null>(null);
  const read = typed === null ? null : parse(typed);
  const refused = typeof read === 'string' ? read : null;
  return (
    <Field
      label={info.title}
      help={help}
      problem={refused ?? problem}
      reset={reset}
      note={note ?? ownNote}
      wide
      input={(input) => (
        <TextInput
          {...input}
          value={typed ?? given}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            const numbers = parse(text);
            if (typeof numbers !== 'string') set(numbers);
          }}
          onBlur={() => {
            if (refused === null) setTyped(null);
          }}
        />
      )}
    />
  );
}
