import { type KeyboardEvent, useCallback, useEffect, useRef } from 'react';

/** While a button is held, once every so many milliseconds. */
const EVERY_MS = 150;

interface HoldHandlers {
  onPointerDown: () => void;
  onPointerUp: () => void;
  onPointerLeave: () => void;
  onPointerCancel: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** Does something at once when a button is pressed, and again and again while it is held; a held key repeats by itself. */
export function useHold(act: () => void): HoldHandlers {
  const timer = useRef(0);
  const stop = useCallback(() => {
    window.clearInterval(timer.current);
    timer.current = 0;
  }, []);
  useEffect(() => stop, [stop]);
  return {
    onPointerDown: () => {
      stop();
      act();
      timer.current = window.setInterval(act, EVERY_MS);
    },
    onPointerUp: stop,
    onPointerLeave: stop,
    onPointerCancel: stop,
    onKeyDown: (event) => {
      if (event.key !== ' ' && event.key !== 'Enter') return;
      event.preventDefault();
      act();
    },
  };
}
