import { expect, test } from 'vitest';
import { configToYaml } from '../../core/config/yaml-write.ts';
import { defaultConfig } from '../../core/config/schema.ts';
import type { LabError } from '../../core/errors.ts';
import { writeZip } from '../../core/formats/zip.ts';
import { readExperimentFile } from './imports.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const config = { ...defaultConfig, seed: 42, name: 'Brought in' };

test('an experiment is read from YAML, from a run’s JSON and from a run’s zip', () => {
  const yaml = configToYaml(config);
  expect(readExperimentFile('a.yaml', bytes(yaml)).config).toEqual(config);
  const run = JSON.stringify({ format: 'backdoor-lab-run', seed: 42, steps: 3, config });
  expect(readExperimentFile('run.json', bytes(run)).config).toEqual(config);
  const zip = writeZip(new Map([['config.yaml', bytes(yaml)]]));
  expect(readExperimentFile('run.zip', zip).config).toEqual(config);
});

test('a plain JSON config is YAML too', () => {
  expect(readExperimentFile('c.json', bytes('{"seed": 9}')).config.seed).toBe(9);
});

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (thrown) {
    return (thrown as LabError).code;
  }
  return 'none';
};

test('files that hold no experiment are refused with a code', () => {
  expect(codeOf(() => readExperimentFile('a.yaml', bytes('training: {epochz: 1}')))).toBe('E-CONFIG-KEY');
  expect(codeOf(() => readExperimentFile('a.yaml', bytes('seed: [')))).toBe('E-CONFIG');
  const zip = writeZip(new Map([['other.txt', bytes('x')]]));
  expect(codeOf(() => readExperimentFile('a.zip', zip))).toBe('E-CONFIG');
});
