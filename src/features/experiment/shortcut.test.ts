import { expect, test } from 'vitest';
import { ariaShortcut, matches, shortcutLabel, type KeyPress } from './shortcut.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test('a plain key matches plainly', () => {
  expect(matches(press('r'), { key: 'r' })).toBe(true);
  expect(matches(press('R', { shiftKey: true }), { key: 'r' })).toBe(false);
  expect(matches(press('r', { ctrlKey: true }), { key: 'r' })).toBe(false);
  expect(matches(press('r', { altKey: true }), { key: 'r' })).toBe(false);
});

test('the full stop is found by its place when Shift changes what it types', () => {
  const shifted = { key: '.', shift: true };
  expect(matches(press('>', { code: 'Period', shiftKey: true }), shifted)).toBe(true);
  expect(matches(press(':', { code: 'Period', shiftKey: true }), shifted)).toBe(true);
  expect(matches(press('.', { code: 'Period' }), shifted)).toBe(false);
  expect(matches(press('.', { code: 'Period' }), { key: '.' })).toBe(true);
});

test('a question mark is one however it was typed', () => {
  expect(matches(press('?', { shiftKey: true }), { key: '?' })).toBe(true);
  expect(matches(press('?'), { key: '?' })).toBe(true);
});

test('Ctrl and Cmd are one', () => {
  expect(matches(press('z', { metaKey: true }), { key: 'z', mod: true })).toBe(true);
  expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), { key: 'z', mod: true, shift: true })).toBe(
    true,
  );
  expect(matches(press('z', { ctrlKey: true, shiftKey: true }), { key: 'z', mod: true })).toBe(false);
});

test('shortcuts read as keys', () => {
  expect(shortcutLabel({ key: ' ' })).toBe('Space');
  expect(shortcutLabel({ key: '.', shift: true })).toBe('Shift+.');
  expect(shortcutLabel({ key: 'z', mod: true })).toBe('Ctrl+Z');
  expect(ariaShortcut({ key: 'z', mod: true, shift: true })).toBe('Control+Shift+Z');
});
