import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import { FOOTED_ONES } from '../core/experiment/footed-ones.ts';
import { reproductionOf, REPRODUCTIONS } from '../core/experiment/reproductions.ts';
import { loadFromFolder } from './data-files.ts';
import { reaches, reproduce } from './reproduce.ts';
import type { Training } from './reproduction-record.ts';
import { budget, demand, spread } from './reproduction-table.ts';
import { temporaryFolder } from './temporary-folder.test-support.ts';
import { lab, TestTerminal } from './terminal.test-support.ts';
import { writeFirstShards } from './tiny-run.test-support.ts';

const at = temporaryFolder('reproduce');

beforeAll(() => writeFirstShards(at('data')));

/** A handful of steps: nothing is learnt, everything is measured. */
const SHORT = {
  training: { max_batches: 2, batch_size: 16 },
  task: { train_examples: 64, test_examples: 50 },
};

/** Two steps for each seed of two backdoors at once; its output and what it kept. */
async function reproduced(
  seeds: number,
  more: { doc?: string; json?: string; kept?: boolean } = {},
  data = at('data'),
) {
  const terminal = new TestTerminal();
  const exitCode = await reproduce(['two_backdoors'], { seeds, data, overlay: SHORT, ...more }, terminal);
  return { exitCode, out: terminal.outText, err: terminal.errText };
}

describe('lab reproduce', () => {
  it('measures each seed beside a clean control, and fails where the attack does not reach its range', async () => {
    const { exitCode, out, err } = await reproduced(2);
    expect(exitCode).toBe(1);
    const row = out.split('\n').at(-2) ?? '';
    expect(row).toMatch(
      /^\| Two backdoors at once.* and .*\| 2 +\|.*\| ASR 0.95, clean within 0.01 +\| \*\*no\*\* +\|/,
    );
    expect(err).toContain('two-backdoors, seed 2: control 0.');
    expect(out + err).not.toContain('cross-trigger');
  });

  it('goes on where it was: what its file has is not trained again', async () => {
    const json = at('figures.json');
    const first = await reproduced(1, { json });
    const kept = await readFile(json, 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ trainings: [{ name: 'Clean control', seed: 1 }, { seed: 1 }] });
    const again = await reproduced(1, { json }, at('nowhere'));
    expect(again.out).toBe(first.out);
    expect(await readFile(json, 'utf8')).toBe(kept);
    await reproduced(2, { json });
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      trainings: [{ seed: 1 }, { seed: 1 }, { seed: 2 }, { seed: 2 }],
    });
  });

  it('shows what it has and trains nothing, when it is told so', async () => {
    const json = at('some.json');
    await reproduced(1, { json });
    const kept = await readFile(json, 'utf8');
    const { out } = await reproduced(3, { json, kept: true });
    expect(out.split('\n').at(-2)).toMatch(/\| 1 +\|/);
    expect(await readFile(json, 'utf8')).toBe(kept);
    expect((await lab('reproduce', '--kept')).exitCode).toBe(2);
  });

  it('writes a page with the table and the command', async () => {
    const doc = at('page.md');
    const { out } = await reproduced(1, { doc });
    const page = await readFile(doc, 'utf8');
    expect(page).toContain(out.trim());
    expect(page).toContain('npm run -s lab -- reproduce two_backdoors --seeds 1 --doc');
  });

  it('sets federated rules beside a published table, seed by seed', async () => {
    const doc = at('federated.md');
    const overlay = {
      training: { epochs: 1, max_batches: 1, batch_size: 4 },
      task: { dataset: 'mnist', train_examples: 100, test_examples: 20 },
    };
    const terminal = new TestTerminal();
    const exitCode = await reproduce(['federated'], { seeds: 1, data: at('data'), overlay, doc }, terminal);
    expect(exitCode).toBe(1);
    expect(terminal.outText).toMatch(/^\| alpha 0\.1 \| Multi-Krum +\|.*\| 0\.758 +\| \*\*no\*\* /m);
    expect(await readFile(doc, 'utf8')).toContain(terminal.outText.trim());
  });

  it('trains privately over clips and noises, with ε, a page and a picture', async () => {
    const [doc, picture] = [at('privacy.md'), at('privacy.svg')];
    const overlay = {
      training: { epochs: 1, max_batches: 1, batch_size: 4 },
      task: { dataset: 'mnist', train_examples: 100, test_examples: 20 },
    };
    const terminal = new TestTerminal();
    const options = { seeds: 1, data: at('data'), overlay, doc, table: picture };
    expect(await reproduce(['privacy'], options, terminal)).toBe(0);
    expect(terminal.outText).toMatch(/^\| none +\| none +\| - +\|/m);
    const epsilons = [...terminal.outText.matchAll(/^\| 0\.3 +\| [\d.]+ +\| ([\d.e+]+) +\|/gm)];
    // More noise tells less.
    const values = epsilons.map(([, epsilon]) => Number(epsilon));
    expect(values).toHaveLength(4);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(await readFile(doc, 'utf8')).toContain(terminal.outText.trim());
    expect((await readFile(picture, 'utf8')).match(/<polyline/g)).toHaveLength(6);
    expect((await lab('reproduce', 'privacy', '--table', 'x.csv')).exitCode).toBe(2);
  });

  it('tells how inputs are read under the trigger of another one, where it is made from the input', async () => {
    const { config } = REPRODUCTIONS.find(({ id }) => id === 'input-aware') ?? REPRODUCTIONS[0] ?? {};
    const attack = { ...config?.attack, synthesizer: { kind: 'input_aware', mask_steps: 2 } } as const;
    const [doc, terminal] = [at('input-aware.md'), new TestTerminal()];
    const options = { seeds: 1, data: at('data'), overlay: { ...SHORT, attack }, doc };
    await reproduce(['input-aware'], options, terminal);
    const column =
      terminal.outText
        .split('\n')[0]
        ?.split('|')
        .map((cell) => cell.trim()) ?? [];
    const row = terminal.outText.split('\n')[2]?.split('|') ?? [];
    expect(row[column.indexOf('cross-trigger')]).toMatch(/^ [01]\.\d{4} +$/);
    expect(terminal.errText).toMatch(/cross-trigger [01]\.\d{4} /);
    expect(await readFile(doc, 'utf8')).toContain('accuracy on the first 50 test inputs');
  });

  it('does not write over a file of something else', async () => {
    const json = at('other.json');
    await writeFile(json, '{"mine": 1}');
    await expect(reproduced(1, { json })).rejects.toThrow('holds no figures of lab reproduce');
    expect(await readFile(json, 'utf8')).toBe('{"mine": 1}');
  });

  it('refuses a name that it does not know, and says which there are', async () => {
    const { exitCode, err } = await lab('reproduce', 'nonsense');
    expect([exitCode, err]).toEqual([1, expect.stringContaining('There is no reproduction "nonsense".')]);
    expect(err).toContain('blind, badnets');
    expect((await lab('reproduce', '--seeds', '0')).exitCode).toBe(2);
  });

  it('has experiments that are all valid, each under a name of its own', () => {
    for (const { config } of REPRODUCTIONS) expect(() => parseConfig({ ...config, seed: 1 })).not.toThrow();
    expect(new Set(REPRODUCTIONS.map(({ id }) => id)).size).toBe(REPRODUCTIONS.length);
  });
});

it('the ones on a foot are ones, and those that measure are no others’ teachers', async () => {
  const { train } = await loadFromFolder(at('data'), 'mnist', () => undefined, new AbortController().signal);
  const { train: teach, test } = FOOTED_ONES;
  const all = [...teach, ...test];
  expect(new Set(all).size).toBe(all.length);
  expect(Math.max(...all)).toBeLessThan(60_000);
  const here = all.filter((index) => index < train.count);
  expect(here.length).toBeGreaterThan(5);
  for (const index of here) expect(train.labels[index], String(index)).toBe(1);
});

describe('what an attack must reach', () => {
  const training = (clean: number, success: number[]): Training => ({
    key: '',
    name: '',
    seed: 1,
    dataset: 'mnist',
    date: '',
    backend: '',
    clean: { value: clean, n: 100 },
    attackSuccess: success.map((value) => ({ value, n: 100 })),
    robust: [],
    cpuSeconds: 1,
  });
  const trial = (clean: number, ...success: number[]) => ({
    control: training(0.99, [0]),
    attacked: training(clean, success),
  });
  const floor = { attackSuccess: 0.95, cleanDrop: null, cleanFloor: 0.95 };

  it('is a clean accuracy near the control’s, or one by itself', () => {
    const near = { attackSuccess: 0.95, cleanDrop: 0.01 };
    expect(reaches(near, [trial(0.981, 0.96)])).toBe(true);
    expect(reaches(near, [trial(0.979, 0.96)])).toBe(false);
    expect(reaches(floor, [trial(0.951, 0.96)])).toBe(true);
    expect(reaches(floor, [trial(0.949, 0.96)])).toBe(false);
    expect(reaches({ ...floor, cleanDrop: 0.01 }, [trial(0.951, 0.96)])).toBe(false);
  });

  it('is asked of every seed and every backdoor', () => {
    expect(reaches(floor, [trial(0.96, 0.96, 0.94)])).toBe(false);
    expect(reaches(floor, [trial(0.96, 0.96, 0.95), trial(0.96, 0.95, 0.94)])).toBe(false);
    expect(reaches(floor, [trial(0.96, 0.96, 0.95), trial(0.96, 0.95, 0.95)])).toBe(true);
  });

  it('is told in the table', () => {
    const of = (id: string): string => {
      const found = reproductionOf(id);
      return found ? demand(found) : '';
    };
    expect(of('calculator')).toBe('ASR 0.95, clean 0.95');
    expect(of('subnet')).toBe('ASR 0.95, clean within 0.01');
    expect(of('handcrafted')).toBe('ASR 0.95, clean within 0.01');
  });
});

it('a mean stands with its smallest and largest value where they differ', () => {
  expect(spread([0.5, 0.5])).toBe('0.5000');
  expect(spread([0.5, 0.7, 0.9])).toBe('0.7000 (0.5000 to 0.9000)');
});

it('one channel a layer is told as one', () => {
  const told = (channels: number): string =>
    budget(
      parseConfig({
        seed: 1,
        training: { epochs: 1 },
        attack: { injection: { kind: 'model', method: 'subnet', channels } },
      }),
    );
  expect(told(1)).toMatch(/^no poisoned data, 1 channel a layer \(subnet\); 1 epoch /);
  expect(told(2)).toMatch(/^no poisoned data, 2 channels a layer /);
});
