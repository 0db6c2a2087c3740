import { NumberInput } from '@mantine/core';
import type { TypedNumberField } from '../../ui/useTypedNumber.ts';
import classes from './TriggerPainter.module.css';

interface PlaceFieldProps {
  label: string;
  field: TypedNumberField;
  disabled: boolean;
}

/** The row or the column of the trigger's corner. */
export function PlaceField({ label, field, disabled }: PlaceFieldProps) {
  return (
    <NumberInput
      size="xs"
      className={classes.grow}
      label={label}
      hideControls
      disabled={disabled}
      clampBehavior="none"
      error={field.problem}
      errorProps={{ className: classes.unseen }}
      value={field.shown}
      onChange={field.onChange}
      onBlur={field.onBlur}
    />
  );
}
