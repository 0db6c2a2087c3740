import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { Action } from './actions.ts';
import { ariaShortcut, shortcutLabel } from './shortcut.ts';
import { takeAction, useActionView } from './use-action.ts';

interface ActionButtonProps {
  action: Action;
  /** Only the icon, with the title as its name. */
  compact?: boolean;
  primary?: boolean;
  /** Without a border, for bars of tools. */
  quiet?: boolean;
}

/** A button for an action. A blocked one stays in reach of the keyboard, so that its reason can be read. */
export function ActionButton({ action, compact, primary, quiet }: ActionButtonProps) {
  const { title, icon: ActionGlyph, blocked, hint = action.hint } = useActionView(action);
  // Who pressed it knows what it does: the tip would only cover what the press changes below.
  const [pressed, setPressed] = useState(false);
  const keys = action.shortcut === null ? '' : ` (${shortcutLabel(action.shortcut)})`;
  const tip = blocked === null ? `${hint}${keys}` : `${title}${keys}: ${blocked}`;
  const common = {
    onClick: () => {
      setPressed(blocked === null);
      takeAction(action);
    },
    onPointerLeave: () => {
      setPressed(false);
    },
    ...(blocked !== null && { 'data-disabled': true, 'aria-disabled': true }),
    ...(action.shortcut !== null && { 'aria-keyshortcuts': ariaShortcut(action.shortcut) }),
  };
  return (
    <Tooltip label={tip} position="bottom" openDelay={500} disabled={pressed}>
      {compact ? (
        <ActionIcon size="md" aria-label={title} {...common}>
          <ActionGlyph size={18} aria-hidden />
        </ActionIcon>
      ) : (
        <Button
          variant={primary ? 'filled' : quiet ? 'subtle' : 'default'}
          {...(quiet && { color: 'gray', c: 'var(--mantine-color-text)' })}
          {...(primary && { 'data-primary': true })}
          leftSection={<ActionGlyph size={16} aria-hidden />}
          {...common}
        >
          {title}
        </Button>
      )}
    </Tooltip>
  );
}
