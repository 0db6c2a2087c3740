import { describe, expect, it } from 'vitest';
import { lab } from './terminal.test-support.ts';
import { TinyRun } from './tiny-run.test-support.ts';

const tiny = new TinyRun();

describe('bad input of a run', () => {
  const failing: [string, string[], RegExp][] = [
    ['an unknown key', ['--set', 'training.epoch=3'], /E-CONFIG-KEY: .*epoch[\s\S]*Did you mean epochs\?/],
    ['a value out of range', ['--set', 'training.epochs=-1'], /E-CONFIG-VALUE: training\.epochs/],
    ['a setting without value', ['--set', 'seed'], /E-CONFIG: The setting seed has no key and value/],
    ['a data set that is not there', ['--set', 'task.dataset=mnist2'], /E-DATASET-FETCH: .*mnist2/],
    ['a class that is not there', ['--set', 'attack.label.target=10'], /E-CONFIG-VALUE/],
    [
      'no model for imported weights',
      ['--set', 'task.weights=imported'],
      /E-MODEL: No model has been imported/,
    ],
    ['a model file that is none', ['--weights', 'package.json'], /E-MODEL/],
    ['a folder without data', ['--data', 'docs'], /E-DATASET-FETCH/],
    ['a place where nothing can be written', ['--json', 'package.json/out.json'], /E-STORAGE/],
  ];
  it.each(failing)('%s fails with its code', async (_, args, message) => {
    const { exitCode, err } = await tiny.run(...args);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n {4}at /);
    expect(exitCode).toBe(1);
  });

  it('an experiment that is not there fails with its code', async () => {
    const { exitCode, err } = await lab('run', tiny.at('none.yaml'));
    expect([exitCode, err]).toEqual([
      1,
      expect.stringContaining('error E-CONFIG: The experiment cannot be read'),
    ]);
  });
});
