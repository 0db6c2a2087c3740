import { afterEach, expect, it, vi } from 'vitest';
import { availableThreads, chosenThreads, readThreads, useThreadChoice } from './thread-choice.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  useThreadChoice.setState({ threads: null });
});

it('takes back what was stored, no more than there are cores, and nothing that is no number', () => {
  vi.stubGlobal('navigator', { hardwareConcurrency: 4 });
  expect(readThreads('3')).toBe(3);
  expect(readThreads('9')).toBe(4);
  for (const stored of [null, '', '0', '-1', '1.5', 'many']) expect(readThreads(stored)).toBeNull();
});

it('offers as many threads as the terminal at most', () => {
  vi.stubGlobal('navigator', { hardwareConcurrency: 64 });
  expect(availableThreads()).toBe(16);
});

it('keeps the choice in this browser, and in the page alone where storage is forbidden', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  useThreadChoice.getState().choose(2);
  expect([...kept.values()]).toEqual(['2']);
  useThreadChoice.getState().choose(null);
  expect(kept.size).toBe(0);
  vi.stubGlobal('localStorage', undefined);
  useThreadChoice.getState().choose(1);
  expect(chosenThreads()).toBe(1);
});
