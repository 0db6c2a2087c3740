import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { typedSize } from './size-problems.ts';

interface SizeFieldProps {
  label: string;
  /** In px; null is the size as drawn. */
  value: number | null;
  /** Why the size that stands cannot be used. */
  problem: string | null;
  placeholder: string;
  disabled: boolean;
  onSize: (size: number | null) => void;
}

/** One end of the range of sizes. What cannot be a size is refused in words; the last good one stays. */
export function SizeField({ label, value, problem, placeholder, disabled, onSize }: SizeFieldProps) {
  const [typed, setTyped] = useState<string | number | null>(null);
  const refused = typed === null ? null : typedSize(typed).problem;
  return (
    <NumberInput
      size="xs"
      hideControls
      clampBehavior="none"
      label={label}
      placeholder={placeholder}
      disabled={disabled}
      error={refused ?? problem}
      value={typed ?? value ?? ''}
      onChange={(next) => {
        const read = typedSize(next);
        setTyped(read.problem === null ? null : next);
        if (read.problem === null) onSize(read.size);
      }}
    />
  );
}
