import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { Field } from '../../ui/Field.tsx';
import { useConfigField } from './use-config-field.ts';

/** Whole numbers with commas or blanks between them; null for anything else. */
export function parseIndices(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  const numbers = parts.map(Number);
  return parts.length > 0 && numbers.every((value) => Number.isInteger(value) && value >= 0) ? numbers : null;
}

/** A list of classes or of examples by their numbers. */
export function IndexListField({ path }: { path: string }) {
  const { info, help, problem, reset, note, value, set } = useConfigField(path);
  const given = Array.isArray(value) ? value.join(', ') : '';
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && parseIndices(typed) === null;
  return (
    <Field
      label={info.title}
      help={help}
      problem={wrong ? 'Numbers from 0 with commas between them, such as 3, 17, 42.' : problem}
      reset={reset}
      note={note}
      wide
      input={(input) => (
        <TextInput
          {...input}
          value={typed ?? given}
          onChange={(event) => {
            const text = event.currentTarget.value;
            setTyped(text);
            const numbers = parseIndices(text);
            if (numbers !== null) set(numbers);
          }}
          onBlur={() => {
            if (!wrong) setTyped(null);
          }}
        />
      )}
    />
  );
}
