import { expect, test } from 'vitest';
import { fileStem } from './download.ts';

test('a title becomes a file name that every system takes', () => {
  expect(fileStem('Blind attack (MGDA)')).toBe('blind-attack-mgda');
  expect(fileStem('  Été / 2026: ../x ')).toBe('ete-2026-x');
  expect(fileStem('试验')).toBe('experiment');
  expect(fileStem('a'.repeat(200))).toHaveLength(60);
});
