import { readdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readZip } from '../core/formats/zip.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab } from './terminal.test-support.ts';
import { TINY, writeFirstShards } from './tiny-run.test-support.ts';

const at = temporaryFolder('poison');
const attack = (injection: string): string =>
  `${TINY}attack: { synthesizer: { kind: pattern }, label: { kind: one_target, target: 8 }, injection: ${injection} }\n`;

beforeAll(async () => {
  await writeFirstShards(at('data'));
  await writeFile(at('data.yaml'), attack('{ kind: data, fraction: 0.1, cover: 0.05 }'));
  await writeFile(at('batch.yaml'), attack('{ kind: batch, fraction: 0.25 }'));
});

const poison = (name: string, ...more: string[]) =>
  lab('data', 'poison', at(name), '--data', at('data'), ...more);

describe('lab data poison', () => {
  it('writes the poisoned training set as a zip, the same each time', async () => {
    const { exitCode, out, err } = await poison('data.yaml', '--out', at('one.zip'));
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toContain('40 poisoned, 20 covers, 340 clean.');
    const files = readZip(new Uint8Array(await readFile(at('one.zip'))));
    expect([...files.keys()].filter((path) => path.endsWith('.png'))).toHaveLength(400);
    await poison('data.yaml', '--out', at('two.zip'));
    expect(await readFile(at('two.zip'))).toEqual(await readFile(at('one.zip')));
    expect((await readdir(at('.'))).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('writes a part of it into a folder, and into no folder that has something', async () => {
    const { exitCode } = await poison(
      'data.yaml',
      '--out',
      at('part'),
      '--only',
      'poisoned',
      '--only',
      'cover',
    );
    expect(exitCode).toBe(0);
    const table = (await readFile(at('part/provenance.csv'), 'utf8')).trimEnd().split('\n');
    expect(table).toHaveLength(1 + 60);
    expect(await readdir(at('part/train/8'))).not.toHaveLength(0);
    const again = await poison('data.yaml', '--out', at('part'));
    expect(again.exitCode).toBe(1);
    expect(again.err).toMatch(/E-STORAGE.*is there already/);
  });

  it('says that an attack draws anew for each batch, and writes that of a step', async () => {
    const { exitCode, out } = await poison('batch.yaml', '--out', at('batch.zip'), '--step', '5');
    expect(exitCode).toBe(0);
    expect(out).toContain('this is the batch of step 5 (epoch 2, batch 1) of 6.');
    expect(out).toContain('4 poisoned, 0 covers, 12 clean.');
  });

  it('is refused for a place, a kind or an experiment that is none', async () => {
    expect((await poison('data.yaml', '--out', at('data.yaml'))).err).toContain('E-STORAGE');
    expect((await poison('data.yaml', '--out', at('x'), '--only', 'bad')).exitCode).toBe(2);
    expect((await poison('none.yaml', '--out', at('x'))).exitCode).toBe(1);
  });
});
