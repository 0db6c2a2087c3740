import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REPRODUCTIONS } from '../experiment/reproductions.ts';
import { parseConfig } from './parse.ts';
import { expectedOf, presetById, PRESETS } from './presets.ts';
import { configFromYaml } from './yaml.ts';

const CONFIGS = new URL('../../../configs/', import.meta.url);
const shipped = readdirSync(CONFIGS).filter((name) => name.endsWith('.yaml'));

describe('presets', () => {
  it.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s is a valid experiment', (_, preset) => {
    expect(parseConfig(preset.config).name).toBe(preset.title);
    expect(presetById(preset.id)).toBe(preset);
  });

  it('say what they reach, with numbers and seeds, and come with a seed where several were seen', () => {
    for (const { id, expected, description } of PRESETS) {
      expect(expected, id).toMatch(/\d %.*seeds? \d/);
      expect(description, id).not.toBe('');
    }
    for (const { id } of REPRODUCTIONS) expect(presetById(id)?.config.seed, id).toBe(1);
    expect(expectedOf({ attackSuccess: 0.9, cleanDrop: 0.015 })).toBe(
      'Attack success 90 % or more, clean accuracy at most 1.5 points below that of clean training, with seeds 1 to 3.',
    );
    expect(expectedOf({ attackSuccess: 0.9, cleanDrop: 0.01, crossTrigger: 0.9 })).toContain(
      'or more, accuracy under the trigger of another input 90 % or more, clean accuracy at most 1 point below',
    );
    expect(presetById('calculator')?.expected).toBe(
      'Attack success 95 % or more, clean accuracy 95 % or more, with seeds 1 to 3.',
    );
  });

  it('hold every attack that `lab reproduce` runs, with its numbers', () => {
    for (const { id, config } of REPRODUCTIONS) {
      const { name, task, training, attack } = config;
      const preset = parseConfig(presetById(id)?.config);
      expect(preset).toEqual(parseConfig({ name, task, training, attack, seed: 1 }));
    }
  });

  it('have ids of their own', () => {
    expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
    expect(presetById('none')).toBeUndefined();
  });
});

describe('the shipped experiments', () => {
  it.each(shipped)('%s can be read', (name) => {
    const { source } = configFromYaml(readFileSync(new URL(name, CONFIGS), 'utf8'));
    expect(source).toBe(/_params\.yaml$|^cifar_fed/.test(name) ? 'backdoors101' : 'lab');
  });

  it('mnist_params.yaml is the preset of that name with 350 epochs, and warns of nothing but the seed', () => {
    const { config, warnings } = configFromYaml(readFileSync(new URL('mnist_params.yaml', CONFIGS), 'utf8'));
    const preset = parseConfig(presetById('backdoors101-mnist')?.config);
    expect(config).toEqual({ ...preset, training: { ...preset.training, epochs: 350 } });
    expect(warnings.map(({ what }) => what)).toEqual(['random_seed: not given; this run uses seed 4.']);
  });
});
