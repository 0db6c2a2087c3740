import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../core/config/parse.ts';
import { readJson, TINY, TinyRun, withoutTimes } from './tiny-run.test-support.ts';

const tiny = new TinyRun();

const fraction = expect.toSatisfy(
  (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1,
) as unknown;
const positive = expect.toSatisfy((value: unknown) => typeof value === 'number' && value > 0) as unknown;

describe('the report of a run', () => {
  it('has exactly the figures that were promised, the same each time but for the times', async () => {
    const [one, two] = [tiny.at('one.json'), tiny.at('two.json')];
    const first = await tiny.run('--json', one, '--quiet');
    expect(first).toEqual({ exitCode: 0, out: '', err: '' });
    const json = await readJson(one);
    expect(json).toEqual({
      version: 1,
      config: { ...parseConfig(parse(TINY)), backend: 'wasm' },
      seed: 5,
      backend: 'wasm',
      epochs: [1, 2].map((epoch) => ({
        epoch,
        clean_accuracy: fraction,
        attack_success_rate: fraction,
        attack_success_rate_all: fraction,
        losses: { normal: positive, backdoor: positive },
        scales: { normal: fraction, backdoor: fraction },
        seconds: positive,
      })),
      steps: 6,
      seconds: positive,
    });
    await tiny.run('--json', two, '--quiet');
    expect(withoutTimes(await readJson(two))).toEqual(withoutTimes(json));
  });

  it('tells the accuracies of a finished run again', async () => {
    const words = /clean accuracy {7}(\S+ %)[^]*attack success {7}(\S+ %).*wanted label already/;
    const first = words.exec((await tiny.run('--set', 'training.epochs=1')).out);
    const again = words.exec((await tiny.run('--set', 'training.epochs=1', '--resume')).out);
    expect(again?.slice(1)).toEqual(first?.slice(1));
    expect(first).not.toBeNull();
  });
});
