/** Keyboard shortcuts: what they are, how they read, and when a key press is meant for one. */

export interface Shortcut {
  /** As in KeyboardEvent.key, lower case: ` `, `.`, `r`, `?`. */
  key: string;
  shift?: boolean;
  /** Ctrl, or Cmd on a Mac. */
  mod?: boolean;
}

/** The parts of a KeyboardEvent that matter. */
export interface KeyPress {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const NAMES: Record<string, string> = { ' ': 'Space', '.': '.', '?': '?' };

/** `Space`, `Shift+.`, `Ctrl+Z`. */
export function shortcutLabel({ key, shift, mod }: Shortcut): string {
  return [mod && 'Ctrl', shift && 'Shift', NAMES[key] ?? key.toUpperCase()].filter(Boolean).join('+');
}

/** The same for `aria-keyshortcuts`. */
export function ariaShortcut({ key, shift, mod }: Shortcut): string {
  return [mod && 'Control', shift && 'Shift', key === ' ' ? 'Space' : key.toUpperCase()]
    .filter(Boolean)
    .join('+');
}

export function matches(press: KeyPress, shortcut: Shortcut): boolean {
  if (press.altKey || (press.ctrlKey || press.metaKey) !== (shortcut.mod ?? false)) return false;
  // Some signs need Shift to be typed at all, on some keyboards: `?` is what it is however it was typed.
  if (shortcut.key === '?') return press.key === '?';
  // Shift changes what the full stop types (`>` or `:`), so its key is known by its place.
  const key = press.code === 'Period' ? '.' : press.key.toLowerCase();
  return key === shortcut.key && press.shiftKey === (shortcut.shift ?? false);
}

const TYPING =
  'input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable], .monaco-editor';
const CONTROL = `${TYPING}, input, button, a[href], summary, [role]:not([role=region]):not([role=status])`;

/** Whether a key belongs to the element that has the focus rather than to the page. */
export function belongsToFocus(target: EventTarget | null, shortcut: Shortcut): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(TYPING) !== null) return true;
  return shortcut.key === ' ' && target.closest(CONTROL) !== null;
}
