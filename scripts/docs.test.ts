import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BACKDOORS_101_KEYS } from '../src/core/config/backdoors101-keys.ts';
import { allFields } from '../src/core/config/fields.ts';
import { ERROR_CODES, type ErrorCode } from '../src/core/errors.ts';
import { fieldRows, PAGES, type PagePath, renderPage } from './docs.ts';
import { ERROR_TEXTS } from './docs-errors.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const read = (page: string) => readFile(path.join(ROOT, page), 'utf8');

describe('generated pages', () => {
  it.each(Object.keys(PAGES) as PagePath[])('%s is what `npm run docs` writes', async (page) => {
    expect(await read(page)).toBe(await renderPage(page));
  });

  it('name every field of the schema and every key of Backdoors 101', async () => {
    const page = await read('docs/configuration.md');
    for (const { path: field, type } of allFields())
      if (type !== 'section') expect(page, field).toContain(`| \`${field}\``);
    for (const key of Object.keys(BACKDOORS_101_KEYS)) expect(page, key).toContain(`| \`${key}\``);
  });

  it('have a heading for each error code, which its anchor leads to', async () => {
    const page = await read('docs/errors.md');
    for (const code of Object.keys(ERROR_CODES)) {
      expect(page).toMatch(new RegExp(`^## ${code}$`, 'm'));
      expect(page).toContain(`(#${code.toLowerCase()})`);
    }
  });
});

describe('the texts of errors', () => {
  it.each(Object.keys(ERROR_CODES) as ErrorCode[])('tell meaning, causes and ways out of %s', (code) => {
    const { meaning, causes, fixes } = ERROR_TEXTS[code];
    for (const text of [meaning, ...causes, ...fixes]) expect(text).toMatch(/^.{10,}[.)]$/);
    expect(causes.length).toBeGreaterThan(0);
    expect(fixes.length).toBeGreaterThan(0);
  });
});

describe('the rows of fields', () => {
  it('join a field that several kinds share, and keep those that differ apart', () => {
    const rows = fieldRows();
    const rate = rows.filter(({ path: field }) => field === 'training.optimizer.learning_rate');
    expect(rate.map((row) => row.default)).toEqual([0.01, 0.001]);
    const placedRows = rows.filter(({ path: field }) => field === 'attack.synthesizer.placement.row');
    expect(placedRows).toHaveLength(1);
    expect(placedRows[0]?.conditions.get('attack.synthesizer.kind')).toEqual(
      new Set(['pattern', 'single_pixel']),
    );
  });

  it('lose no field and no condition', () => {
    const fields = allFields().filter(({ type }) => type !== 'section');
    const combinations = fieldRows().map(({ conditions }) =>
      [...conditions.values()].reduce((size, kinds) => size * kinds.size, 1),
    );
    expect(combinations.reduce((sum, size) => sum + size, 0)).toBe(fields.length);
  });
});
