/** Undo and redo: the steps before the present one and those after it. A stroke is one step. */
export interface History<T> {
  past: readonly T[];
  present: T;
  future: readonly T[];
}

export type HistoryAction<T> = { kind: 'commit'; next: T } | { kind: 'undo' } | { kind: 'redo' };

/** Steps kept. */
export const HISTORY_LIMIT = 200;

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

/**
 * The history after an action; pure. A commit drops what was undone, and one that changes nothing is no step.
 * Undo and redo at their ends give the same history back.
 */
export function reduceHistory<T>(history: History<T>, action: HistoryAction<T>): History<T> {
  const { past, present, future } = history;
  switch (action.kind) {
    case 'commit':
      if (sameValue(present, action.next)) return history;
      return { past: [...past, present].slice(-HISTORY_LIMIT), present: action.next, future: [] };
    case 'undo': {
      const previous = past.at(-1);
      if (previous === undefined) return history;
      return { past: past.slice(0, -1), present: previous, future: [present, ...future] };
    }
    case 'redo': {
      const [next, ...rest] = future;
      if (next === undefined) return history;
      return { past: [...past, present], present: next, future: rest };
    }
  }
}

/** Equality of plain data; the order of keys does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const entries = Object.entries(a);
  if (entries.length !== Object.keys(b).length) return false;
  const other = new Map<string, unknown>(Object.entries(b));
  return entries.every(([name, value]) => other.has(name) && sameValue(value, other.get(name)));
}
