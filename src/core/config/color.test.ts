import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonSchema } from './fields.ts';
import { configFromLink, configToLink } from './link.ts';
import { parseConfig, safeParseConfig } from './parse.ts';
import type { ExperimentConfig, SynthesizerConfig } from './schema.ts';
import { applySettings } from './set.ts';
import { configFromYaml } from './yaml.ts';
import { configToYaml } from './yaml-write.ts';

/** One painted pixel in a colour; the default experiment else. */
const painted = (color: string) => ({
  attack: { synthesizer: { kind: 'painted' as const, pixels: [[1, 2, color, 0.5]] } },
});

const colorOf = ({ attack }: ExperimentConfig): string | undefined =>
  attack.synthesizer.kind === 'painted' ? attack.synthesizer.pixels[0]?.[2] : undefined;

const yamlOf = (color: string): string =>
  `attack:\n  synthesizer:\n    kind: painted\n    pixels:\n      - [1, 2, '${color}', 0.5]\n`;

/** `#rrggbb` in any mixture of capital and small letters. */
const anyCase = fc.stringMatching(/^#[0-9a-fA-F]{6}$/);

describe('a colour in capitals', () => {
  it('is the same colour in small letters, from an object, YAML, a link and a setting', () => {
    fc.assert(
      fc.property(anyCase, (color) => {
        const config = parseConfig(painted(color));
        expect(colorOf(config)).toBe(color.toLowerCase());
        expect(configFromYaml(yamlOf(color)).config).toEqual(config);
        const setting = `attack.synthesizer={ kind: painted, pixels: [[1, 2, '${color}', 0.5]] }`;
        expect(applySettings({}, [setting])).toEqual(config);
        // A link may be written by hand or by another program: its letters are not ours to choose.
        const synthesizer: SynthesizerConfig = {
          kind: 'painted',
          pixels: [[1, 2, color, 0.5]],
          placement: { kind: 'as_painted' },
        };
        const link = configToLink({ ...config, attack: { ...config.attack, synthesizer } });
        expect(configFromLink(link)).toEqual({ config, warnings: [] });
      }),
      { numRuns: 40 },
    );
  });

  it('is written in small letters, and comes back so', () => {
    const config = parseConfig(painted('#FF00Aa'));
    expect(configToYaml(config)).toContain('#ff00aa');
    expect(configFromYaml(configToYaml(config)).config).toEqual(config);
    expect(configFromLink(configToLink(config)).config).toEqual(config);
    expect(configToLink(config)).toBe(configToLink(parseConfig(painted('#ff00aa'))));
  });

  it('passes the schema of the text editor', () => {
    const pattern = /"pattern":"(\^#[^"]*)"/.exec(JSON.stringify(jsonSchema()))?.[1] ?? '';
    expect('#FF0000').toMatch(new RegExp(pattern));
    expect('#ff0000').toMatch(new RegExp(pattern));
    expect('#ff00').not.toMatch(new RegExp(pattern));
  });
});

describe('what is no colour', () => {
  it.each(['red', '#FFF', '#GG0000', 'FF0000', '#FF00000', ' #FF0000'])('is refused: %s', (color) => {
    const result = safeParseConfig(painted(color));
    expect(result.ok ? '' : result.problems[0]?.why).toBe('It must be a colour such as #ffffff.');
  });
});
