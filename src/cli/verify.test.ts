import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab } from './terminal.test-support.ts';
import { referenceKind } from './verify.ts';

const GOLDEN = fileURLToPath(new URL('../engine/reference/golden/', import.meta.url));

const at = temporaryFolder('verify');

async function folder(name: string, files: Record<string, string>): Promise<string> {
  const made = at(name);
  await mkdir(made);
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(made, file), text);
  return made;
}

describe('lab verify', () => {
  it('passes the reference figures, and skips what it does not know', async () => {
    const made = await folder('good', { 'README.md': '# figures', 'unknown_rounds.json': '{}' });
    await copyFile(path.join(GOLDEN, 'optimizers.json'), path.join(made, 'optimizers.json'));
    await copyFile(path.join(GOLDEN, 'mgda.json'), path.join(made, 'mgda_seed7.json'));
    const report = at('report.json');
    const { exitCode, out } = await lab('verify', made, '--json', report);
    expect(exitCode).toBe(0);
    expect(out).toMatch(
      /^mgda_seed7\.json +passed +largest relative error \d\.\d\de-\d+ \(.+\), tolerance 1e-4/m,
    );
    expect(out).toMatch(/^unknown_rounds\.json +skipped/m);
    expect(out).toMatch(/2 passed, 0 failed, 0 unreadable, 1 skipped\n$/);
    expect(out).not.toContain('README');
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({
      backend: 'wasm',
      tolerance: 1e-4,
      files: [{ file: 'mgda_seed7.json', status: 'passed' }, { status: 'passed' }, { status: 'skipped' }],
    });
  });

  it('fails past tolerance and says where', async () => {
    const text = await readFile(path.join(GOLDEN, 'optimizers.json'), 'utf8');
    const changed = text.replace(/(\d\.\d{4})(\d+)/g, (_, head: string) => `${head}9`);
    expect(changed).not.toBe(text);
    const { exitCode, out } = await lab('verify', await folder('off', { 'optimizers.json': changed }));
    expect([exitCode, out]).toEqual([
      1,
      expect.stringMatching(/optimizers\.json +failed +largest relative error/),
    ]);
  });

  it.each([
    ['is not JSON', '{ "cases": [', /unreadable +E-CONFIG: mgda\.json is not JSON/],
    ['is of another kind', '{"weights": 3}', /unreadable +E-CONFIG-VALUE/],
  ])('fails for a file that %s, and goes on with the others', async (name, text, line) => {
    const made = await folder(name, { 'mgda.json': text });
    await copyFile(path.join(GOLDEN, 'optimizers.json'), path.join(made, 'optimizers.json'));
    const { exitCode, out } = await lab('verify', made);
    expect(exitCode).toBe(1);
    expect(out).toMatch(line);
    expect(out).toMatch(/1 passed, 0 failed, 1 unreadable, 0 skipped\n$/);
  });

  it('names a file as it is called, whatever its kind', async () => {
    const made = await folder('named', { 'simplenet_3.json': '{}', 'mgda-seed2.json': '[' });
    const { out } = await lab('verify', made);
    expect(out).toMatch(/^simplenet_3\.json +unreadable +E-CONFIG-VALUE: simplenet_3\.json is not/m);
    expect(out).toMatch(/^mgda-seed2\.json +unreadable +E-CONFIG: mgda-seed2\.json is not JSON/m);
    expect(out).not.toContain('simplenet.json');
  });

  it('says what it did not look at in subfolders', async () => {
    const made = await folder('nested', {
      'mgda.json': await readFile(path.join(GOLDEN, 'mgda.json'), 'utf8'),
    });
    await mkdir(path.join(made, 'old'));
    await mkdir(path.join(made, 'folder.json'));
    for (const name of ['a.json', 'b.json', 'notes.txt']) await writeFile(path.join(made, 'old', name), '{}');
    const { exitCode, out } = await lab('verify', made);
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(/^Not looked at, in subfolders: old\/a\.json and 1 more\.\n1 passed, 0 failed/m),
    ]);
    const outer = await folder('outer', {});
    await mkdir(path.join(outer, 'in'));
    await writeFile(path.join(outer, 'in/mgda.json'), '{}');
    expect((await lab('verify', outer)).err).toContain('Not looked at, in subfolders: in/mgda.json.');
  });

  it('fails for a folder that is missing or has no figures', async () => {
    const missing = await lab('verify', at('nowhere'));
    expect([missing.exitCode, missing.err]).toEqual([1, expect.stringContaining('cannot be read')]);
    const empty = await lab('verify', await folder('empty', { 'notes.txt': '' }));
    expect([empty.exitCode, empty.err]).toEqual([1, expect.stringContaining('no reference files')]);
  });
});

it('knows a reference file by its name, with or without a seed', () => {
  expect(['mgda.json', 'mgda_7.json', 'mgda-seed12.json', 'mgda.3.json'].map(referenceKind)).toEqual(
    Array(4).fill('mgda'),
  );
  expect(['mgda_notes.json', 'mgdax.json', 'unknown_rounds.json'].map(referenceKind)).toEqual([
    null,
    null,
    null,
  ]);
});
