import { NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { InputProps } from '../../ui/Field.tsx';
import { isTiny, numberFrom, stepOf } from './field-words.ts';
import type { ConfigFieldModel } from './use-config-field.ts';

export interface NumberControlProps {
  model: ConfigFieldModel;
  input: InputProps;
  empty: string;
  /** Called when the field is left, with words on what was typed and refused; null when all was taken. */
  onLeave: (refused: string | null) => void;
}

/**
 * Keeps what is being typed until the field is left; every good number enters the draft at once. Nothing that is
 * typed is changed on the way: what the schema does not take is refused in words.
 */
export function NumberControl({ model, input, empty, onLeave }: NumberControlProps) {
  const { info, value, set, problem, forgetProblem } = model;
  const [typed, setTyped] = useState<string | number | null>(null);
  const number = typeof value === 'number' ? value : null;
  const take = (next: string | number) => {
    onLeave(null);
    // The arrows change a field without the focus: nothing is being typed then.
    if (document.activeElement?.id === input.id) setTyped(next);
    // The control gives a number of too many digits as a text: it too is refused in words.
    const number = typeof next === 'number' ? next : numberFrom(next);
    if (number !== null) set(number);
    else if (next === '' && info.nullable) set(null);
  };
  const shared = {
    ...input,
    placeholder: info.nullable ? empty : '',
    onBlur: () => {
      // A problem may also stand at a value that was taken, such as a class that the data does not have.
      const refused = typed !== null && typed !== '' && Number(typed) !== number && problem !== null;
      if (typed !== null) onLeave(refused ? `${typed} was not taken. ${problem}` : null);
      setTyped(null);
      forgetProblem();
    },
  };
  if (isTiny(info)) {
    return (
      <TextInput
        {...shared}
        inputMode="decimal"
        value={typed ?? (number === null ? '' : String(number))}
        onChange={(event) => {
          const text = event.currentTarget.value;
          setTyped(text);
          onLeave(null);
          const next = numberFrom(text);
          if (next !== null) set(next);
        }}
      />
    );
  }
  return (
    <NumberInput
      {...shared}
      value={typed ?? number ?? ''}
      {...(info.minimum !== null && { min: info.minimum })}
      {...(info.maximum !== null && { max: info.maximum })}
      step={stepOf(info, number)}
      clampBehavior="none"
      onChange={take}
    />
  );
}
