import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../core/config/parse.ts';
import { REPRODUCTIONS } from '../core/experiment/reproductions.ts';
import { reproduce, type Reproduced } from './reproduce.ts';
import { spread } from './reproduction-table.ts';
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

describe('lab reproduce', () => {
  it('measures each seed beside a clean control, and fails where the attack does not reach its range', async () => {
    const terminal = new TestTerminal();
    const json = at('figures.json');
    const options = { seeds: 2, json, data: at('data'), overlay: SHORT };
    expect(await reproduce(['two-backdoors'], options, terminal)).toBe(1);
    const [done] = JSON.parse(await readFile(json, 'utf8')) as Reproduced[];
    expect(done?.reached).toBe(false);
    expect(done?.trials.map(({ seed, attackSuccess }) => [seed, attackSuccess.length])).toEqual([
      [1, 2],
      [2, 2],
    ]);
    for (const trial of done?.trials ?? []) {
      expect(trial.control).toBeGreaterThan(0);
      expect(trial.control).toBeLessThan(0.95);
    }
    const row = terminal.outText.split('\n').at(-2) ?? '';
    expect(row).toMatch(/^\| Two backdoors at once.*\| no: ASR >= 0.95/);
    expect(terminal.errText).toContain('two-backdoors, seed 2: control 0.');
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

it('a mean stands with its smallest and largest value where they differ', () => {
  expect(spread([0.5, 0.5])).toBe('0.5000');
  expect(spread([0.5, 0.7, 0.9])).toBe('0.7000 (0.5000 to 0.9000)');
});
