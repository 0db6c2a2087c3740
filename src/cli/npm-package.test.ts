import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wholeFile } from '../core/datasets/loaders/source-files.ts';
import { type CommandWords, packedFromNpm } from './npm-package.ts';

const spec = '@a/corpus@1.2.3';
const file = { name: 'a-corpus-1.2.3.tgz', sha256: createHash('sha256').update('contents').digest('hex') };
let folder = '';

/** Stands in for npm: a script that gets its arguments. */
async function npm(script: string): Promise<CommandWords> {
  const place = path.join(folder, `${createHash('sha256').update(script).digest('hex').slice(0, 8)}.mjs`);
  const head = `import { appendFileSync, writeFileSync } from 'node:fs';
const [, , verb, spec, , folder] = process.argv;
appendFileSync(${JSON.stringify(path.join(folder, 'calls'))}, verb + ' ' + spec + '\\n');
`;
  await writeFile(place, head + script);
  return [process.execPath, place];
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lab-npm-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a package of npm', () => {
  const go = new AbortController().signal;
  const packs = (contents: string): string =>
    `writeFileSync(folder + '/${file.name}', ${JSON.stringify(contents)});`;

  it('is packed once, checked and kept', async () => {
    const into = path.join(folder, 'kept');
    const source = await packedFromNpm(spec, file, into, go, await npm(packs('contents')));
    expect(new TextDecoder().decode(await wholeFile(source))).toBe('contents');
    const again = await packedFromNpm(spec, file, into, go, ['no-such-command']);
    expect(again.size).toBe(8);
  });

  it('is packed again where what is kept was changed', async () => {
    const into = path.join(folder, 'kept');
    await writeFile(path.join(into, file.name), 'changed');
    expect((await packedFromNpm(spec, file, into, go, await npm(packs('contents')))).size).toBe(8);
  });

  it('is refused and not kept when it is another, or cannot be had', async () => {
    const into = path.join(folder, 'refused');
    const refused = async (command: CommandWords, why: RegExp): Promise<void> => {
      await expect(packedFromNpm(spec, file, into, go, command)).rejects.toThrow(why);
      expect(await readdir(into)).toEqual([]);
    };
    await refused(await npm(packs('hostile')), /E-DATASET: .*SHA-256/s);
    await refused(
      await npm(
        `console.error('npm error code E404\\nnpm error not found\\nnpm error A complete log is in x'); process.exit(1);`,
      ),
      /E-DATASET-FETCH.*code 1: not found\./s,
    );
    await refused(await npm(''), /E-DATASET-FETCH.*code 0/s);
    await refused(['no-such-command'], /E-DATASET-FETCH.*ENOENT/s);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const into = path.join(folder, 'stopped');
    const packing = packedFromNpm(spec, file, into, stop.signal, await npm('setTimeout(() => {}, 60_000);'));
    setTimeout(() => stop.abort(), 300);
    await expect(packing).rejects.toThrow('E-CANCELLED');
  });
});
