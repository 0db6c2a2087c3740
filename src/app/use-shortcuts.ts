import { useEffect } from 'react';
import { belongsToFocus, matches } from '../features/experiment/shortcut.ts';
import { takeAction } from '../features/experiment/use-action.ts';
import { ACTIONS } from './actions.ts';

/** An open dialog has the keyboard to itself. */
const dialogIsOpen = () => document.querySelector('[role="dialog"][aria-modal="true"]') !== null;

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.repeat) return;
  const action = ACTIONS.find(({ shortcut }) => shortcut !== null && matches(event, shortcut));
  const shortcut = action?.shortcut;
  if (action === undefined || !shortcut) return;
  if (dialogIsOpen()) return;
  // The palette opens from anywhere, even while typing.
  if (action.id !== 'palette' && belongsToFocus(event.target, shortcut)) return;
  event.preventDefault();
  takeAction(action);
}

/** Keys for actions, unless they are meant for what has the focus. */
export function useShortcuts(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKeyDown);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
