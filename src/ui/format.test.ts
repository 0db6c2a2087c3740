import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatMilliseconds } from './format.ts';

test('bytes take the unit that keeps them short', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(812)).toBe('812 B');
  expect(formatBytes(1_500)).toBe('1.5 kB');
  expect(formatBytes(999_700)).toBe('1.0 MB');
  expect(formatBytes(34_200_000)).toBe('34 MB');
  expect(formatBytes(1.24e9)).toBe('1.2 GB');
});

test('durations read as a clock', () => {
  expect(formatDuration(41.2)).toBe('0:41');
  expect(formatDuration(725)).toBe('12:05');
  expect(formatDuration(3723)).toBe('1:02:03');
  expect(formatDuration(-3)).toBe('0:00');
});

test('step times keep two digits where they matter', () => {
  expect(formatMilliseconds(3.42)).toBe('3.4 ms');
  expect(formatMilliseconds(21.4)).toBe('21 ms');
  expect(formatMilliseconds(6360)).toBe('6.4 s');
});

test('counts carry separators', () => {
  expect(formatCount(9020)).toBe('9,020');
});
