import { describe, expect, it } from 'vitest';
import type { DatasetInfo, ImageInfo, TextInfo } from '../datasets/dataset.ts';
import { assertFitsDataset, checkAgainstDataset } from './dataset-check.ts';
import { parseConfig } from './parse.ts';
import type { ExperimentInput } from './schema.ts';

const info: ImageInfo = {
  kind: 'images',
  id: 'small',
  title: 'Small',
  shape: { height: 12, width: 20, channels: 3 },
  classes: ['a', 'b', 'c'],
  mean: [0, 0, 0],
  deviation: [1, 1, 1],
  source: '',
  licence: '',
};

function check(attack: ExperimentInput['attack']) {
  const pattern = { kind: 'pattern', placement: { kind: 'fixed', row: 3, column: 5 } } as const;
  return checkAgainstDataset(
    parseConfig({ attack: { label: { kind: 'one_target', target: 2 }, synthesizer: pattern, ...attack } }),
    info,
  );
}

describe('an experiment against its data set', () => {
  it('passes when the target exists and the trigger fits', () => {
    expect(check({})).toEqual([]);
    expect(check({ label: { kind: 'all_to_all', shift: 4 } })).toEqual([]);
  });

  it('is refused for a class that does not exist', () => {
    expect(check({ label: { kind: 'one_target', target: 3 } })).toMatchObject([
      { code: 'E-CONFIG-VALUE', where: 'attack.label.target', path: ['attack', 'label', 'target'] },
    ]);
  });

  it('is refused for a shift that changes nothing', () => {
    expect(check({ label: { kind: 'all_to_all', shift: 6 } })[0]?.where).toBe('attack.label.shift');
  });

  it('is refused for a trigger past the edge or larger than the images, naming both sizes', () => {
    const [past] = check({
      synthesizer: { kind: 'pattern', placement: { kind: 'fixed', row: 8, column: 0 } },
    });
    expect(past).toMatchObject({ code: 'E-TRIGGER' });
    expect(past?.what).toContain('5x3');
    expect(past?.what).toContain('12x20');
    const random = { kind: 'random', max_size: 9 } as const;
    expect(check({ synthesizer: { kind: 'pattern', placement: random } })[0]?.code).toBe('E-TRIGGER');
  });

  it('is refused for a painted pixel outside, and for a painting without pixels', () => {
    expect(check({ synthesizer: { kind: 'painted', pixels: [[0, 20, '#ffffff', 1]] } })[0]?.code).toBe(
      'E-TRIGGER',
    );
    expect(check({ synthesizer: { kind: 'painted' } })[0]?.code).toBe('E-TRIGGER');
  });

  it('is refused where not every class has a weight to be drawn by', () => {
    const placement = { kind: 'fixed', row: 3, column: 5 } as const;
    const weighed = (class_weights: number[]) =>
      checkAgainstDataset(
        parseConfig({
          training: { sampling: 'weighted', class_weights },
          attack: { label: { kind: 'one_target', target: 2 }, synthesizer: { kind: 'pattern', placement } },
        }),
        info,
      );
    expect(weighed([1, 0, 2])).toEqual([]);
    expect(weighed([1, 2])).toMatchObject([
      {
        code: 'E-CONFIG-VALUE',
        where: 'training.class_weights',
        what: expect.stringMatching(/2 .*3 classes/) as unknown,
      },
    ]);
    expect(() => weighed([0, 0, 0])).toThrow(/training\.class_weights: no class has a weight above 0/);
    expect(() => weighed([])).toThrow(/training\.class_weights/);
  });

  describe('of the other kind', () => {
    const texts: TextInfo = {
      kind: 'text',
      id: 'posts',
      title: 'Posts',
      length: 20,
      vocabulary: 100,
      classes: ['no', 'yes'],
      source: '',
      licence: '',
    };
    const of = (data: DatasetInfo, model: 'simplenet' | 'text_cnn', attack: ExperimentInput['attack']) =>
      checkAgainstDataset(
        parseConfig({
          task: { model },
          attack: { label: { kind: 'one_target', target: 1 }, synthesizer: { kind: 'semantic' }, ...attack },
        }),
        data,
      );
    const blend = { kind: 'blend' } as const;
    const words = { kind: 'words', text: 'quince' } as const;

    it.each(['pattern', 'warp', 'input_aware', 'object'] as const)(
      'is refused for %s on texts, with what to take',
      (kind) => {
        const injection = { kind: 'batch' } as const;
        const [problem, ...more] = of(texts, 'text_cnn', { synthesizer: { kind }, injection });
        expect(more).toEqual([]);
        expect(problem).toMatchObject({
          code: 'E-CONFIG-VALUE',
          what: `The trigger "${kind}" is for images, and Posts holds texts.`,
          fix: 'Choose words as the trigger.',
          where: 'attack.synthesizer.kind',
        });
      },
    );

    it('is refused for words on images, also where nothing is attacked', () => {
      for (const enabled of [true, false]) {
        expect(of(info, 'simplenet', { enabled, synthesizer: words })).toMatchObject([
          {
            code: 'E-CONFIG-VALUE',
            what: 'The trigger "words" is for texts, and Small holds images.',
            fix: 'Choose a trigger for images.',
          },
        ]);
      }
    });

    it('is refused for a further backdoor, by its place', () => {
      const label = { kind: 'one_target', target: 0 } as const;
      const attack = { synthesizer: words, others: [{ synthesizer: blend, label }] };
      expect(of(texts, 'text_cnn', attack).map(({ where }) => where)).toEqual([
        'attack.others[0].synthesizer.kind',
      ]);
    });

    it('passes with words on texts', () => {
      expect(of(texts, 'text_cnn', { synthesizer: words })).toEqual([]);
    });
  });

  it('throws all of it at once on demand', () => {
    const config = parseConfig({ attack: { label: { kind: 'one_target', target: 9 } } });
    expect(() => assertFitsDataset(config, info)).toThrow(/target class 9.*1 more|One more problem/i);
  });
});
