import { ActionIcon, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconArrowBackUp, IconInfoCircle } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import classes from './Field.module.css';

/** Attributes that tie a control to its label, help and problem. */
export interface ControlProps {
  id: string;
  'aria-describedby': string;
}

/** The same for one of Mantine's inputs: it is described by the texts that it shows itself, and by no other. */
export interface InputProps {
  id: string;
  description: string;
  error: string | null;
  inputWrapperOrder: ('input' | 'description' | 'error')[];
  classNames: Record<string, string | undefined>;
}

interface FieldProps {
  label: string;
  help: string;
  /** A quiet line below, such as the value in force. */
  note?: string | null;
  problem?: string | null;
  /** What was typed and refused, for an input whose value stands and is good. */
  refused?: string | null;
  /** Offered when the value is not the default. */
  reset?: { label: string; onReset: () => void } | null;
  /** The control takes the whole width, below the label. */
  wide?: boolean;
  /** `group` when the control is several inputs: the label then names the group. */
  group?: boolean;
  /** A control that is no input of Mantine's: a switch, a group. */
  children?: (control: ControlProps) => ReactNode;
  /** One of Mantine's inputs. */
  input?: (input: InputProps) => ReactNode;
}

/** The texts of an input take their places in the field's own grid. */
const INPUT_CLASSES: InputProps['classNames'] = {
  root: classes.inputRoot,
  wrapper: classes.input,
  description: classes.unseen,
  error: classes.problem,
};

/** A labelled control. Help opens on hover, and on arrival by keyboard; screen readers get it as a description. */
export function Field({
  label,
  help,
  note,
  problem,
  refused,
  reset,
  wide,
  group,
  children,
  input,
}: FieldProps) {
  const id = useId();
  const [helpOpen, setHelpOpen] = useState(false);
  const control: ControlProps = {
    id,
    'aria-describedby': `${id}-help${problem ? ` ${id}-problem` : ''}`,
  };
  const inputProps: InputProps = {
    id,
    description: [refused, help].filter(Boolean).join(' '),
    error: problem ?? null,
    inputWrapperOrder: ['input', 'description', 'error'],
    classNames: INPUT_CLASSES,
  };
  const className = [classes.field, wide && classes.wide, reset && classes.changed].filter(Boolean).join(' ');
  return (
    <div
      className={className}
      {...(group && { role: 'group', 'aria-labelledby': `${id}-label` })}
      onKeyUp={(event) => {
        if (event.key === 'Tab') setHelpOpen(true);
      }}
      onBlur={() => {
        setHelpOpen(false);
      }}
    >
      <div className={classes.head}>
        {group ? (
          <span id={`${id}-label`} className={classes.label}>
            {label}
          </span>
        ) : (
          <label id={`${id}-label`} htmlFor={id} className={classes.label}>
            {label}
          </label>
        )}
        <Tooltip label={help} opened={helpOpen} position="right">
          <span
            className={classes.help}
            aria-hidden
            onPointerEnter={() => {
              setHelpOpen(true);
            }}
            onPointerLeave={() => {
              setHelpOpen(false);
            }}
          >
            <IconInfoCircle size={14} />
          </span>
        </Tooltip>
        {reset && (
          <Tooltip label={reset.label}>
            <ActionIcon size="xs" aria-label={reset.label} onClick={reset.onReset}>
              <IconArrowBackUp size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </div>
      {input?.(inputProps)}
      {children && (
        <>
          {children(control)}
          <VisuallyHidden id={`${id}-help`}>{help}</VisuallyHidden>
          {problem && (
            <div className={classes.problem} id={`${id}-problem`}>
              {problem}
            </div>
          )}
        </>
      )}
      {refused && (
        <div className={classes.problem} aria-hidden>
          {refused}
        </div>
      )}
      {note && <div className={classes.note}>{note}</div>}
    </div>
  );
}
