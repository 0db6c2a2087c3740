/** How many threads a person lets compute. It belongs to this browser, not to an experiment: the numbers do not depend on it. */
import { create } from 'zustand';

const KEY = 'backdoor-lab/threads';

/** As many as `--threads` of the terminal takes. */
const MOST_THREADS = 16;

interface ThreadChoice {
  /** Null for as many as pay. */
  threads: number | null;
  choose: (threads: number | null) => void;
}

/** The cores of this machine that may be chosen, at least 1. */
export function availableThreads(): number {
  return Math.min(MOST_THREADS, globalThis.navigator.hardwareConcurrency || 1);
}

/** What is stored, as far as this machine has so many cores. */
export function readThreads(stored: string | null): number | null {
  const threads = Number(stored);
  if (!Number.isInteger(threads) || threads < 1) return null;
  return Math.min(threads, availableThreads());
}

function storedThreads(): number | null {
  try {
    return readThreads(globalThis.localStorage.getItem(KEY));
  } catch {
    return null; // storage may be forbidden; the choice then lasts as long as the page
  }
}

export const useThreadChoice = create<ThreadChoice>()((set) => ({
  threads: storedThreads(),
  choose: (threads) => {
    try {
      if (threads === null) globalThis.localStorage.removeItem(KEY);
      else globalThis.localStorage.setItem(KEY, String(threads));
    } catch {
      // as above
    }
    set({ threads });
  },
}));

/** For the next run. */
export const chosenThreads = (): number | null => useThreadChoice.getState().threads;
