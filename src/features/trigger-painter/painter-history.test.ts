import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HISTORY_LIMIT,
  reduceHistory,
  sameValue,
  startHistory,
  type HistoryAction,
} from './painter-history.ts';

function play(actions: readonly HistoryAction<number>[], start = 0) {
  return actions.reduce(reduceHistory<number>, startHistory(start));
}

describe('the history of the painter', () => {
  it('undoes and redoes one step at a time', () => {
    const history = play([{ kind: 'commit', next: 1 }, { kind: 'commit', next: 2 }, { kind: 'undo' }]);
    expect(history).toEqual({ past: [0], present: 1, future: [2] });
    expect(reduceHistory(history, { kind: 'redo' })).toEqual({ past: [0, 1], present: 2, future: [] });
  });

  it('drops what was undone when something new is painted', () => {
    const history = play([{ kind: 'commit', next: 1 }, { kind: 'undo' }, { kind: 'commit', next: 7 }]);
    expect(history).toEqual({ past: [0], present: 7, future: [] });
  });

  it('takes no step for a commit that changes nothing', () => {
    const start = startHistory({ kind: 'single_pixel', value: 1 });
    expect(reduceHistory(start, { kind: 'commit', next: { value: 1, kind: 'single_pixel' } })).toBe(start);
  });

  it('stays as it is at either end', () => {
    const start = startHistory(3);
    expect(reduceHistory(start, { kind: 'undo' })).toBe(start);
    expect(reduceHistory(start, { kind: 'redo' })).toBe(start);
  });

  it('forgets the oldest steps past its limit', () => {
    const commits = Array.from({ length: HISTORY_LIMIT + 9 }, (_, i) => ({
      kind: 'commit' as const,
      next: i + 1,
    }));
    const history = play(commits);
    expect(history.past).toHaveLength(HISTORY_LIMIT);
    expect(history.past[0]).toBe(9);
  });

  it('comes back to where it was after any actions, by as many redos as undos', () => {
    const action = fc.oneof(
      fc.nat(9).map((next): HistoryAction<number> => ({ kind: 'commit', next })),
      fc.constant<HistoryAction<number>>({ kind: 'undo' }),
      fc.constant<HistoryAction<number>>({ kind: 'redo' }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const end = play(actions);
        let history = end;
        for (let i = 0; i < end.past.length; i++) history = reduceHistory(history, { kind: 'undo' });
        expect(history.present).toBe(0);
        for (let i = 0; i < end.past.length; i++) history = reduceHistory(history, { kind: 'redo' });
        expect(history).toEqual(end);
      }),
    );
  });
});

describe('sameValue', () => {
  it('compares plain data by content, whatever the order of keys', () => {
    expect(sameValue({ a: [1, { b: null }], c: 2 }, { c: 2, a: [1, { b: null }] })).toBe(true);
    expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(false);
    expect(sameValue({ a: undefined }, { b: undefined })).toBe(false);
    expect(sameValue([1, 2], [1, 2, 3])).toBe(false);
    expect(sameValue([], {})).toBe(false);
    expect(sameValue(null, {})).toBe(false);
  });
});
