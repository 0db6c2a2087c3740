import { useEffect, useState } from 'react';
import { asLabError, type LabErrorData } from '../../core/errors.ts';
import { labWorkers } from '../../state/workers.ts';

/** Images a second, at most: smooth to the eye, and most of the worker is left to a run. */
const MOST_PER_SECOND = 8;

/** An image and what the model says of it. */
export interface Seen {
  pixels: Uint8Array;
  probabilities: Float32Array;
  milliseconds: number;
}

export interface Looks {
  seen: Seen | null;
  /** Images a second, over the last few; null before the second. */
  rate: number | null;
  error: LabErrorData | null;
}

const NOTHING: Looks = { seen: null, rate: null, error: null };

/** How much of the last rate stays in the next. */
const INERTIA = 0.8;

/**
 * Asks the held model about one image after another, the next only when the last is answered.
 * @param held as the worker named it; null asks nothing
 * @param frame gives the image as it is now, null while there is none; another function starts anew
 * @param once ask about one image only
 */
export function useLooks(held: number | null, frame: (() => Uint8Array | null) | null, once: boolean): Looks {
  const [looks, setLooks] = useState<Looks>(NOTHING);
  useEffect(() => {
    if (held === null || frame === null) return;
    let current = true;
    let timer = 0;
    let last: number | null = null;
    const look = async (): Promise<void> => {
      const began = performance.now();
      const pixels = frame();
      if (pixels) {
        const { probabilities, milliseconds } = await labWorkers().start<'look'>({
          kind: 'look',
          held,
          pixels,
        }).result;
        if (!current) return;
        const now = performance.now();
        const rateNow = last === null ? null : 1000 / Math.max(1, now - last);
        last = now;
        setLooks(({ rate }) => ({
          seen: { pixels, probabilities, milliseconds },
          rate: rateNow === null || rate === null ? rateNow : INERTIA * rate + (1 - INERTIA) * rateNow,
          error: null,
        }));
        if (once) return;
      }
      timer = window.setTimeout(next, Math.max(0, 1000 / MOST_PER_SECOND - (performance.now() - began)));
    };
    const next = (): void => {
      look().catch((thrown: unknown) => {
        if (current) setLooks({ ...NOTHING, error: asLabError(thrown).toData() });
      });
    };
    next();
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [held, frame, once]);
  return held === null || frame === null ? NOTHING : looks;
}
