import { NumberInput } from '@mantine/core';
import type { TypedNumberField } from '../../ui/useTypedNumber.ts';
import classes from './TriggerPainter.module.css';

interface PlaceFieldProps {
  label: string;
  field: TypedNumberField;
  disabled: boolean;
  /** Id of the words that say why the field's number was refused. */
  problemId: string;
}

/** The row or the column of the trigger's corner. */
export function PlaceField({ label, field, disabled, problemId }: PlaceFieldProps) {
  return (
    <NumberInput
      size="xs"
      className={classes.grow}
      label={label}
      hideControls
      disabled={disabled}
      clampBehavior="none"
      error={field.problem !== null}
      {...(field.problem !== null && { 'aria-describedby': problemId })}
      value={field.shown}
      onChange={field.onChange}
      onBlur={field.onBlur}
    />
  );
}
