import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeFileName } from './filename.ts';

describe('safeFileName', () => {
  it('keeps what is safe and replaces what is not', () => {
    expect(safeFileName('mnist, blind attack 2', 'json')).toBe('mnist,-blind-attack-2.json');
    expect(safeFileName('Ärger: 50% / "8"', 'csv')).toBe('Ärger-50%-8.csv');
    expect(safeFileName('../../etc/passwd', 'zip')).toBe('etc-passwd.zip');
    expect(safeFileName('a\u0000b\nc\u202ed', 'md')).toBe('a-b-c-d.md');
  });

  it('never gives an empty, hidden, reserved or endless name', () => {
    expect(safeFileName('', 'json')).toBe('untitled.json');
    expect(safeFileName('...', '')).toBe('untitled');
    expect(safeFileName('.hidden', 'txt')).toBe('hidden.txt');
    expect(safeFileName('CON', 'txt')).toBe('CON-file.txt');
    expect(safeFileName('x'.repeat(500), 'tar.gz')).toBe(`${'x'.repeat(100)}.tar.gz`);
  });

  it('holds for any text, and is stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const name = safeFileName(text, '');
        expect(name).toMatch(/^[^<>:"/\\|?*\p{C}\p{Z}.-][^<>:"/\\|?*\p{C}\p{Z}]*$/u);
        expect(safeFileName(name, '')).toBe(name);
      }),
    );
  });
});
