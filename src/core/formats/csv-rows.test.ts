import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvTable } from './csv-table.ts';
import { csvRows } from './csv-rows.ts';

async function* cut(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield await Promise.resolve(text.slice(at, at + size));
}

async function rows(text: string, size = text.length): Promise<string[][]> {
  const all: string[][] = [];
  for await (const row of csvRows('a.csv', cut(text, size))) all.push(row);
  return all;
}

describe('rows of a table', () => {
  it('are cells between commas, tabs, semicolons or bars; quotes keep what separates', async () => {
    expect(await rows('a,b\r\n"x, ""y""\r\nz",2\r\n\r\n , \r\n')).toEqual([
      ['a', 'b'],
      ['x, "y"\nz', '2'],
    ]);
    expect(await rows('a\tb;c\n1\t2\n')).toEqual([
      ['a', 'b;c'],
      ['1', '2'],
    ]);
    expect(await rows('"a,b,c";d\n1;2')).toEqual([
      ['a,b,c', 'd'],
      ['1', '2'],
    ]);
    expect(await rows('')).toEqual([]);
  });

  it('are the same however the file is cut into pieces', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' ', 'ü', ';') });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (cells, size) => {
          const table = csvTable(['x', 'y'], cells);
          const kept = cells.filter((row) => row.some((each) => each.trim() !== ''));
          expect(await rows(table, size)).toEqual([['x', 'y'], ...kept]);
        },
      ),
    );
  });

  it('of a table cut short or damaged are refused, with their place', async () => {
    await expect(rows('a,b\n"x,1\n')).rejects.toThrow(/E-DATASET.*Row 2/s);
    await expect(rows('a,b\n1,2\n"x"y,1\n')).rejects.toThrow(/Row 3/);
  });

  it('are bounded: a quote that is never closed is not held for ever', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<string> {
      yield await Promise.resolve('a,"');
      for (; given < 2000; given++) yield 'x'.repeat(65_535) + '\n';
    }
    const read = async (): Promise<void> => {
      for await (const row of csvRows('a.csv', endless())) expect(row).toBeNull();
    };
    await expect(read()).rejects.toThrow(/more than 4,194,304 letters/);
    expect(given).toBeLessThan(70);
  });
});
