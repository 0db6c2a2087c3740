import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { LabError } from '../errors.ts';
import { arbitraryConfig } from './arbitrary.test-support.ts';
import { configFromLink, configToLink } from './link.ts';
import { parseConfig } from './parse.ts';
import { defaultConfig } from './schema.ts';
import { configFromYaml } from './yaml.ts';
import { configToYaml } from './yaml-write.ts';

function linkOf(value: unknown): string {
  const bytes = deflateSync(
    new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
  );
  return `v1.${Buffer.from(bytes).toString('base64url')}`;
}

function errorOf(link: string): LabError {
  try {
    configFromLink(link);
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown;
    throw thrown;
  }
  throw new Error('no error');
}

describe('an experiment in a link', () => {
  it('equals the same experiment as YAML and as JSON', () => {
    fc.assert(
      fc.property(arbitraryConfig, (config) => {
        const link = configToLink(config);
        expect(link).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
        expect(configFromLink(link)).toEqual({ config, warnings: [] });
        expect(configFromYaml(configToYaml(config)).config).toEqual(config);
        expect(parseConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
      }),
      { numRuns: 60 },
    );
  });

  it('is short for the defaults and readable with a #', () => {
    expect(configToLink(defaultConfig).length).toBeLessThan(12);
    expect(configFromLink(`#${configToLink(defaultConfig)}`).config).toEqual(defaultConfig);
  });
});

describe('a link with wrong values', () => {
  it('is clamped, and says so', () => {
    const { config, warnings } = configFromLink(
      linkOf({
        training: { epochs: 1e9, batch_size: -5, start_epoch: 2.4 },
        attack: { injection: { kind: 'batch', fraction: 7 } },
      }),
    );
    expect(config.training).toMatchObject({ epochs: 100000, batch_size: 1, start_epoch: 2 });
    expect(config.attack.injection).toEqual({ kind: 'batch', fraction: 1, cover: 0 });
    expect(warnings.map(({ where, fix }) => [where, fix])).toEqual([
      ['training.epochs', 'training.epochs was set to 100000.'],
      ['training.start_epoch', 'training.start_epoch was set to 2.'],
      ['training.batch_size', 'training.batch_size was set to 1.'],
      ['attack.injection.fraction', 'attack.injection.fraction was set to 1.'],
    ]);
  });

  it('loses unknown keys and what cannot be mended, and says so', () => {
    const { config, warnings } = configFromLink(
      linkOf({
        seed: 'x',
        colour: 1,
        training: { optimizer: { kind: 'lion', learning_rate: 3 }, epochs: 2, start_epoch: 4 },
        attack: {
          synthesizer: { kind: 'painted', pixels: [[1, 1, '#ffffff', 1], [0]] },
          injection: { kind: 'loss', balancer: { kind: 'fixed', scales: { normal: 2000 } } },
        },
      }),
    );
    expect(config.seed).toBe(defaultConfig.seed);
    expect(config.training).toMatchObject({ epochs: 2, start_epoch: 1, optimizer: { kind: 'sgd' } });
    expect(config.attack.synthesizer).toMatchObject({ kind: 'painted', pixels: [] });
    expect(config.attack.injection).toMatchObject({ balancer: { scales: { normal: 0.5, backdoor: 0.5 } } });
    expect(warnings.length).toBeGreaterThanOrEqual(6);
    expect(warnings.find(({ where }) => where === 'colour')?.fix).toBe('It was left out.');
  });

  it('tells a list that falls back once', () => {
    const pixels = Array.from({ length: 300 }, () => [1, 2, 'red', 0]);
    const { warnings } = configFromLink(linkOf({ attack: { synthesizer: { kind: 'painted', pixels } } }));
    expect(warnings).toHaveLength(1);
  });

  it('always gives a valid experiment, whatever it holds', () => {
    const hostile = fc.dictionary(
      fc.constantFrom('seed', 'training', 'attack', 'version', '__proto__', 'task', 'x'),
      fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.dictionary(
          fc.constantFrom(
            'epochs',
            'optimizer',
            'kind',
            'injection',
            'synthesizer',
            'label',
            'enabled',
            'start_epoch',
          ),
          fc.oneof(
            fc.jsonValue({ maxDepth: 1 }),
            fc.record({ kind: fc.constantFrom('sgd', 'loss', 'painted', 'x') }),
          ),
        ),
      ),
    );
    fc.assert(
      fc.property(hostile, (value) => {
        const { config } = configFromLink(linkOf(value));
        expect(parseConfig(config)).toEqual(config);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a link that cannot be read', () => {
  const whole = configToLink(parseConfig({ name: 'a long enough name to be cut', training: { epochs: 7 } }));

  it.each([
    ['nothing', ''],
    ['another page', '#section-2'],
    ['a foreign sign', 'v1.ab$c'],
    ['a wrong length', 'v1.abcde'],
    ['half of it', whole.slice(0, whole.length - 9)],
    ['nothing packed', 'v1.'],
    ['no JSON', linkOf('{"seed": ')],
    ['a list', linkOf([1])],
    [
      'bytes that are no text',
      `v1.${Buffer.from(deflateSync(new Uint8Array([255, 254, 253]))).toString('base64url')}`,
    ],
    ['too deep a nesting', linkOf(`${'{"a":'.repeat(100000)}1${'}'.repeat(100000)}`)],
  ])('because it holds %s says so', (_, link) => {
    expect(errorOf(link).code).toBe('E-LINK');
  });

  it('because it is newer says which format it has', () => {
    const error = errorOf('v2.abc');
    expect(error.what).toBe('The link has the format v2.');
    expect(error.why).toContain('v1');
  });

  it('because it would fill the memory is refused fast', () => {
    const bomb = `v1.${deflateRawSync(Buffer.alloc(200e6)).toString('base64url')}`;
    const start = performance.now();
    expect(errorOf(bomb).what).toBe('The link is too large.');
    expect(errorOf(`v1.${'A'.repeat(2e6)}`).what).toBe('The link is too large.');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
