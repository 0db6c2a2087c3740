import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { defend } from './defend.ts';
import { lab, TestTerminal } from './terminal.test-support.ts';
import { TinyRun } from './tiny-run.test-support.ts';

const tiny = new TinyRun();
const model = () => tiny.at('model.safetensors');
const QUICK = ['steps=2', 'batches=1'].flatMap((setting) => ['--set', `neural_cleanse.${setting}`]);

beforeAll(async () => {
  process.env['BACKDOOR_LAB_CACHE'] = tiny.at('cache');
  tiny.checkpoint = tiny.at('model.checkpoint');
  const { exitCode } = await tiny.run('--export', model());
  expect(exitCode).toBe(0);
});

const defended = (...args: string[]) =>
  lab('defend', ...args, '--backend', 'wasm', '--threads', '1', '--data', tiny.data);

interface Entry {
  id: string;
  verdict: string;
  score: number | null;
  flagged: number[];
  metrics: Record<string, number | null>;
  seconds: number;
  control: { verdict: string; score: number | null } | null;
  seeds?: { seed: number }[];
}

const read = async (file: string): Promise<Entry[]> =>
  (JSON.parse(await readFile(file, 'utf8')) as { defenses: Entry[] }).defenses;

describe('lab defend', () => {
  it('runs defenses on a model beside the clean control, and writes what each says', async () => {
    const out = tiny.at('verdicts.json');
    const {
      exitCode,
      err,
      out: said,
    } = await defended(model(), '--defense', 'clp,neural_cleanse@backdoorbench', ...QUICK, '--json', out);
    expect([exitCode, err]).toEqual([0, '']);
    expect(said).toContain('attack success');
    const [clp, cleanse] = await read(out);
    expect(Object.keys(clp ?? {})).toEqual(
      expect.arrayContaining(['id', 'verdict', 'score', 'flagged', 'metrics', 'seconds', 'control']),
    );
    expect(clp).toMatchObject({ id: 'clp', verdict: 'repaired', control: { verdict: 'repaired' } });
    expect(clp?.metrics['clean_n']).toBe(50);
    expect(cleanse).toMatchObject({ id: 'neural_cleanse', metrics: { steps: 20 } });
    expect(cleanse?.control).not.toBeNull();
  });

  it('takes a checkpoint, and tells of several seeds what each said', async () => {
    const checkpoint = await defended(
      tiny.at('model.checkpoint'),
      '--defense',
      'clp',
      '--json',
      '-',
      '--quiet',
    );
    expect(JSON.parse(checkpoint.out)).toMatchObject({ seed: 5, defenses: [{ id: 'clp' }] });
    const out = tiny.at('seeds.json');
    await defended(
      model(),
      '--defense',
      'neural_cleanse',
      ...QUICK,
      '--seeds',
      '2',
      '--no-control',
      '--json',
      out,
    );
    const [entry] = await read(out);
    expect(entry?.seeds?.map(({ seed }) => seed)).toEqual([5, 6]);
    expect(entry?.control).toBeNull();
  });

  it('stops at once on Ctrl-C, and writes nothing', async () => {
    const terminal = new TestTerminal();
    const out = tiny.at('stopped.json');
    const options = {
      defense: ['neural_cleanse'],
      set: [],
      seeds: 1,
      json: out,
      threads: 1,
      data: tiny.data,
    };
    const exitCode = await defend(model(), { ...options, backend: 'wasm' }, terminal, () => terminal.stop());
    expect(exitCode).toBe(130);
    expect(terminal.errText).toContain('Stopped');
    await expect(readFile(out)).rejects.toThrow('ENOENT');
  });

  it.each([
    [
      'an unknown defense',
      ['--defense', 'neural_clense'],
      /E-CONFIG-VALUE: .*neural_clense[\s\S]*Did you mean neural_cleanse/,
    ],
    [
      'an unknown variant',
      ['--defense', 'neural_cleanse@arx'],
      /E-CONFIG-VALUE: .*variant[\s\S]*backdoorbench, art/,
    ],
    ['an unknown parameter', ['--defense', 'clp', '--set', 'clp.v=3'], /E-CONFIG-KEY: [\s\S]*\bv\b/],
    ['no defense', [], /E-DEFENSE: No defense was named/],
    [
      'too few clean images',
      ['--defense', 'neural_cleanse', '--set', 'task.test_examples=40'],
      /E-DEFENSE: Neural Cleanse needs 32 clean examples, and the defender holds 20/,
    ],
  ])('refuses %s', async (_, args, words) => {
    const { exitCode, err } = await defended(model(), ...args);
    expect(exitCode).toBe(1);
    expect(err).toMatch(words);
  });

  it('asks for the experiment of a model that does not say it', async () => {
    const file = path.join(import.meta.dirname, '../../public/models/simplenet-mnist.safetensors');
    const bare = await defended(file, '--defense', 'clp');
    expect([bare.exitCode, bare.err]).toEqual([1, expect.stringContaining('--config')]);
    const given = await defended(file, '--defense', 'clp', '--config', tiny.experiment, '--no-control');
    expect([given.exitCode, given.err]).toEqual([0, '']);
  });
});

describe('lab run', () => {
  it('runs the defenses of the experiment on the trained model', async () => {
    const experiment = tiny.at('defended.yaml');
    const yaml = await readFile(tiny.experiment, 'utf8');
    await writeFile(experiment, `${yaml}defenses:\n  - { kind: clp, u: 2 }\n`);
    const out = tiny.at('run.json');
    const usual = ['--backend', 'wasm', '--threads', '1', '--data', tiny.data];
    const checkpoint = ['--checkpoint', tiny.at('defended.checkpoint')];
    const { exitCode, out: said } = await lab('run', experiment, ...usual, ...checkpoint, '--json', out);
    expect(exitCode).toBe(0);
    expect(said).toContain('Channel Lipschitz pruning');
    expect((await read(out))[0]).toMatchObject({ id: 'clp', verdict: 'repaired' });
  });
});
