import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';
import { presetById, PRESETS } from './presets.ts';
import { configFromYaml } from './yaml.ts';

const CONFIGS = new URL('../../../configs/', import.meta.url);
const shipped = readdirSync(CONFIGS).filter((name) => name.endsWith('.yaml'));

describe('presets', () => {
  it.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s is a valid experiment', (_, preset) => {
    expect(parseConfig(preset.config).name).toBe(preset.title);
    expect(presetById(preset.id)).toBe(preset);
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
