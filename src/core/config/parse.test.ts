import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { parseConfig, safeParseConfig } from './parse.ts';
import type { ConfigError } from './problem.ts';
import { dotted, parseDotted, type ConfigProblem } from './problem.ts';
import { defaultConfig } from './schema.ts';

function problemsOf(value: unknown): ConfigProblem[] {
  const result = safeParseConfig(value);
  return result.ok ? [] : result.problems;
}

function only(value: unknown): ConfigProblem {
  const problems = problemsOf(value);
  expect(problems).toHaveLength(1);
  const [first] = problems;
  if (first === undefined) throw new Error('no problem');
  return first;
}

describe('a valid experiment', () => {
  it('gets every default', () => {
    expect(parseConfig({})).toEqual(defaultConfig);
    expect(parseConfig({ training: { optimizer: { kind: 'adam' } } }).training.optimizer).toMatchObject({
      learning_rate: 0.001,
      beta2: 0.999,
    });
  });
});

describe('an unknown key', () => {
  it('is refused with the nearest known one and the list of them', () => {
    const problem = only({ training: { epoch: 3 } });
    expect(problem).toMatchObject({ code: 'E-CONFIG-KEY', where: 'training.epoch', at: 'key' });
    expect(problem.fix).toBe('Did you mean epochs?');
    expect(problem.why).toContain('batch_size, max_batches, optimizer');
  });

  it('at the wrong level is sent to the right one', () => {
    expect(only({ momentum: 0.5 }).fix).toContain('It belongs at training.optimizer.momentum.');
  });

  it('of another kind is named as such', () => {
    const problem = only({ attack: { injection: { kind: 'loss', fraction: 0.1 } } });
    expect(problem.fix).toBe(
      'fraction belongs to kind data or batch or clean_label, and attack.injection.kind is loss.',
    );
  });

  it('such as __proto__ is a key like any other', () => {
    expect(only(JSON.parse('{"__proto__": {"seed": 5}}')).code).toBe('E-CONFIG-KEY');
  });
});

describe('a wrong value', () => {
  it('out of range states the range, the unit, what was given and the default', () => {
    const problem = only({ training: { batch_size: 0 } });
    expect(problem.code).toBe('E-CONFIG-VALUE');
    expect(problem.what).toBe('training.batch_size: 0 is too small.');
    expect(problem.why).toBe('It must be a whole number from 1 to 65536 (examples).');
    expect(problem.fix).toContain('default, 64');
  });

  it.each([
    [{ seed: -1 }, 'seed: -1 is too small.'],
    [{ seed: 1.5 }, 'seed: 1.5 is not a whole number.'],
    [{ training: { epochs: Number.NaN } }, 'training.epochs: NaN is not a whole number.'],
    [{ training: { nan_check: 'yes' } }, 'training.nan_check: the text "yes" is not true or false.'],
    [{ training: { optimizer: null } }, 'training.optimizer: nothing (null) is not a section of keys.'],
    [
      { training: { optimizer: { kind: 'sgd', momentum: 1 } } },
      'training.optimizer.momentum: 1 is too large.',
    ],
    [
      { attack: { synthesizer: { kind: 'painted', pixels: [[1, 2, 'red', 1]] } } },
      'attack.synthesizer.pixels[0][2]: the text "red" does not have the right form.',
    ],
    [{ task: { dataset: 'My digits' } }, 'task.dataset: the text "My digits" does not have the right form.'],
    ['seed: 1', 'The experiment: the text "seed: 1" is not a section of keys.'],
    [[], 'The experiment: a list of 0 is not a section of keys.'],
    [null, 'The experiment: nothing (null) is not a section of keys.'],
  ])('%j is told in words', (value, what) => {
    expect(only(value).what).toBe(what);
  });

  it('in quotes says so', () => {
    expect(only({ training: { epochs: '3' } }).fix).toContain('Write 3 without quotes.');
  });

  it('of a choice names the choices and the nearest', () => {
    const problem = only({ training: { schedule: 'cosin' } });
    expect(problem.why).toBe('It must be one of constant, cosine.');
    expect(problem.fix).toContain('Did you mean cosine?');
  });

  it('of a kind is readable', () => {
    const problem = only({ attack: { injection: { kind: 'los' } } });
    expect(problem.what).toBe(
      "attack.injection.kind: 'los' is not one of data, batch, clean_label, model, loss.",
    );
    expect(problem.fix).toBe('Did you mean loss?');
    expect(only({ attack: { injection: { proportion: 1 } } }).what).toBe(
      'attack.injection: the key kind is missing.',
    );
  });

  it('of another version says which one this lab reads', () => {
    expect(only({ version: 2, anything: 1 })).toMatchObject({
      where: 'version',
      why: 'This lab reads version 1.',
    });
  });
});

describe('keys that contradict each other', () => {
  const fixed = (scales: object, objectives = ['backdoor', 'normal']) => ({
    attack: { injection: { kind: 'loss', objectives, balancer: { kind: 'fixed', scales } } },
  });

  it.each([
    [{ training: { epochs: 2, start_epoch: 3 } }, 'training.start_epoch'],
    [
      {
        attack: { synthesizer: { kind: 'pattern', placement: { kind: 'random', min_size: 9, max_size: 3 } } },
      },
      'attack.synthesizer.placement.min_size',
    ],
    [{ attack: { synthesizer: { kind: 'pattern', rows: [[1, 0], [1]] } } }, 'attack.synthesizer.rows[1]'],
    [
      { attack: { injection: { kind: 'loss', objectives: ['normal', 'normal'] } } },
      'attack.injection.objectives',
    ],
    [fixed({ normal: 0.5 }), 'attack.injection.balancer.scales'],
  ])('%j are refused', (value, where) => {
    expect(only(value)).toMatchObject({ code: 'E-CONFIG-VALUE', where });
  });

  it('are not seen where there are none', () => {
    expect(problemsOf({ training: { epochs: 0 } })).toEqual([]);
    expect(problemsOf(fixed({ normal: 0.7 }, ['normal']))).toEqual([]);
    expect(problemsOf({ training: { epochs: 3, start_epoch: 3 } })).toEqual([]);
  });
});

describe('several problems', () => {
  it('are all returned, and thrown as one error', () => {
    const value = { sed: 1, training: { epochs: -1, batch_size: 'x' } };
    expect(problemsOf(value).map(({ where }) => where)).toEqual([
      'training.epochs',
      'training.batch_size',
      'sed',
    ]);
    try {
      parseConfig(value);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(LabError);
      expect((thrown as ConfigError).problems).toHaveLength(3);
      expect((thrown as ConfigError).message).toContain('2 more problems');
    }
  });

  it('stop after about a hundred', () => {
    const pixels = Array.from({ length: 5000 }, () => [1, 2, 'red', 0]);
    expect(problemsOf({ attack: { synthesizer: { kind: 'painted', pixels } } })).toHaveLength(100);
  });

  it('have paths that can be read back', () => {
    for (const path of [['a', 'b'], ['rows', 3, 0], []]) expect(parseDotted(dotted(path))).toEqual(path);
  });
});
