import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryConfig } from './arbitrary.test-support.ts';
import { parseConfig } from './parse.ts';
import { ConfigError } from './problem.ts';
import { defaultConfig } from './schema.ts';
import { configFromYaml, yamlProblems } from './yaml.ts';
import { configToYaml } from './yaml-write.ts';

function errorOf(text: string, settings: string[] = []): ConfigError {
  try {
    configFromYaml(text, settings);
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown;
    throw thrown;
  }
  throw new Error('no error');
}

describe('an experiment as YAML', () => {
  it('comes back as it was, short or complete', () => {
    fc.assert(
      fc.property(arbitraryConfig, fc.boolean(), (config, complete) => {
        expect(configFromYaml(configToYaml(config, { complete }))).toEqual({
          config,
          warnings: [],
          source: 'lab',
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is short by default, and shows every key on demand', () => {
    expect(configToYaml(defaultConfig)).toBe('version: 1\nname: Experiment\n');
    const complete = configToYaml(defaultConfig, { complete: true });
    expect(complete).toContain('learning_rate: 0.01');
    expect(complete).toContain('loss_threshold: null');
  });

  it('keeps a pixel and a row of a pattern on one line', () => {
    const config = parseConfig({
      attack: {
        synthesizer: { kind: 'painted', pixels: [[1, 2, '#ff0000', 0.5]] },
        injection: { kind: 'loss', objectives: ['normal'] },
      },
    });
    expect(configToYaml(config)).toContain('- [1, 2, "#ff0000", 0.5]\n');
    expect(configToYaml(config)).toContain('objectives: [normal]\n');
    expect(configToYaml(defaultConfig, { complete: true })).toContain('- [null, 1, null]\n');
  });

  it('takes settings over it', () => {
    const { config } = configFromYaml('training:\n  epochs: 5\n', ['training.epochs=2', 'seed=7']);
    expect(config).toMatchObject({ seed: 7, training: { epochs: 2 } });
  });
});

describe('a document with problems', () => {
  it('is refused with line and column of each', () => {
    const error = errorOf('version: 1\ntraining:\n  epoch: 3\n  batch_size: 0\n');
    expect(error.problems.map(({ code, where }) => [code, where])).toEqual([
      ['E-CONFIG-VALUE', 'line 4, column 15'],
      ['E-CONFIG-KEY', 'line 3, column 3'],
    ]);
  });

  it('marks the value, the key, or the section above', () => {
    const text =
      'attack:\n  injection:\n    kind: los\n  synthesizer:\n    placement: {}\n    kind: painted\n    pixels:\n      - [1, 2, "red", 1]\n';
    const problems = yamlProblems(text);
    expect(
      problems.map(({ line, column, endLine, endColumn }) => [line, column, endLine, endColumn]),
    ).toEqual([
      [3, 11, 3, 14],
      [5, 16, 5, 18],
      [8, 16, 8, 21],
    ]);
    expect(problems[0]).toMatchObject({ severity: 'error', code: 'E-CONFIG-VALUE' });
    expect(problems[0]?.message).toContain('is not one of data, batch, clean_label, model, loss');
  });

  it('finds nothing wrong with a right one', () => {
    expect(yamlProblems('name: right\n')).toEqual([]);
  });

  it.each([
    ['an empty text', '', 'E-CONFIG', 'line 1, column 1'],
    ['a comment alone', '# nothing\n', 'E-CONFIG', 'line 1, column 1'],
    ['a text', 'just words', 'E-CONFIG-VALUE', 'line 1, column 1'],
    ['an open bracket', 'name: [1, 2\nseed: 3\n', 'E-CONFIG', ''],
    ['an open quote', 'name: "abc\n', 'E-CONFIG', ''],
    ['a tab', 'training:\n\tepochs: 1\n', 'E-CONFIG', 'line 2, column 1'],
    ['a key that stands twice', 'seed: 1\nseed: 2\n', 'E-CONFIG-KEY', 'line 2, column 1'],
    ['two documents', 'seed: 1\n---\nseed: 2\n', 'E-CONFIG', 'line 1, column 1'],
    ['a list as a key', '? [1]\n: 2\n', 'E-CONFIG-KEY', 'line 1, column 3'],
    ['an unknown alias', 'seed: *a\n', 'E-CONFIG', 'line 1, column 7'],
    ['an unknown tag', 'seed: !py 1\n', 'E-CONFIG', 'line 1, column 7'],
    ['an alias of itself', 'attack: &a\n  enabled: *a\n', 'E-CONFIG-SIZE', ''],
  ])('%s has a code and a place', (_, text, code, where) => {
    const error = errorOf(text);
    expect(error.code).toBe(code);
    expect(error.where).toContain(where);
  });

  it('that would take long or fill the memory is refused at once', () => {
    let laughs = 'a: &a [1,1,1,1,1,1,1,1,1]\n';
    for (const [before, letter] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'].map((pair) => [...pair]))
      laughs += `${letter}: &${letter} [${Array<string>(9).fill(`*${before}`).join(',')}]\n`;
    const texts = [
      laughs,
      `a: &a 1\nb:\n${'- *a\n'.repeat(200000)}`,
      `a: &a 1\nb:\n${'- *a\n'.repeat(50000)}`,
      '['.repeat(250000),
      '{a: '.repeat(60000),
      '- '.repeat(120000),
      '? '.repeat(120000),
      Array.from({ length: 30000 }, (_, i) => `k${i}: 1`).join('\n'),
      `name: ${'é'.repeat(200000)}`,
      'x'.repeat(50_000_000),
    ];
    for (const text of texts) {
      const start = performance.now();
      expect(errorOf(text).code).toBe('E-CONFIG-SIZE');
      expect(performance.now() - start).toBeLessThan(3000);
    }
  });

  it('never makes the reader throw anything else', () => {
    const words = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&a',
      '*a',
      '"',
      '#',
      'seed',
      '1',
      '|',
      '?',
      '!',
      '---',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        expect(Array.isArray(yamlProblems(text))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a document in the keys of Backdoors 101', () => {
  const text =
    'task: MNIST\nlr: 0.1\nmomentum: 0.9\ndecay: 0\noptimizer: SGD\nepochs: 350\nrandom_seed: 5\ntb: true\n';

  it('is recognised, and its warnings have a place', () => {
    const { config, warnings, source } = configFromYaml(text);
    expect(source).toBe('backdoors101');
    expect(config.training.optimizer).toMatchObject({ learning_rate: 0.1 });
    expect(warnings.map(({ where }) => where)).toEqual(['line 8, column 1']);
    expect(yamlProblems(text)).toMatchObject([{ severity: 'warning', line: 8, column: 1, endColumn: 3 }]);
  });

  it('has its problems placed too', () => {
    expect(errorOf(`${text}loss_taks: [normal]\n`).where).toBe('line 9, column 1');
    expect(errorOf(text.replace('0.1', 'fast')).where).toBe('line 2, column 5');
  });

  it('takes settings in its own keys and in those of the lab', () => {
    const { config } = configFromYaml(text, [
      'training.max_batches=3',
      'epochs=1',
      'backdoor=true',
      'seed=9',
    ]);
    expect(config.training).toMatchObject({ epochs: 1, max_batches: 3 });
    expect(config.attack.enabled).toBe(true);
    expect(config.seed).toBe(9);
    expect(errorOf(text, ['epochs=many']).where).toBe('--set epochs');
    expect(errorOf(text, ['epoch=1']).code).toBe('E-CONFIG-KEY');
  });
});
