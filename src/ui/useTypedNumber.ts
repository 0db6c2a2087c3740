import { useState } from 'react';
import { readTyped, refusal, type NumberLimits } from './typed-number.ts';

export interface TypedNumberField {
  /** What the field shows: what is being typed or was refused, else the number in force. */
  shown: string | number;
  /** Why what is shown was not taken, with the range; null when it was. */
  problem: string | null;
  onChange: (text: string | number) => void;
  onBlur: () => void;
}

/**
 * A number field that refuses in words: what cannot be taken stays in the field to be corrected, and the number in
 * force stays in force. It goes once that number changes by another way: a slider, an arrow, an undo.
 */
export function useTypedNumber(
  value: number,
  limits: NumberLimits,
  onNumber: (number: number) => void,
): TypedNumberField {
  const [typed, setTyped] = useState<{ text: string | number; over: number } | null>(null);
  const current = typed !== null && typed.over === value ? typed : null;
  const read = current === null ? null : readTyped(current.text, limits);
  return {
    shown: current?.text ?? value,
    problem: read?.kind === 'refused' ? refusal(limits, value) : null,
    onChange: (text) => {
      const next = readTyped(text, limits);
      const number = next.kind === 'taken' ? next.number : value;
      setTyped({ text, over: number });
      if (number !== value) onNumber(number);
    },
    onBlur: () => {
      if (read?.kind !== 'refused') setTyped(null);
    },
  };
}
