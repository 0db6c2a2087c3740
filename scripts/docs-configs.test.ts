import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/core/config/parse.ts';
import { presetById } from '../src/core/config/presets.ts';
import { configFromYaml } from '../src/core/config/yaml.ts';
import { REPRODUCTIONS } from '../src/core/experiment/reproductions.ts';
import { attackConfigs } from './docs-configs.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

describe('configs/attacks', () => {
  it('has a file for each attack, as `npm run docs` writes it, and no other', async () => {
    const made = await attackConfigs();
    const written = readdirSync(path.join(ROOT, 'configs/attacks')).map((name) => `configs/attacks/${name}`);
    expect(written.sort()).toEqual([...made.keys()].sort());
    for (const [file, text] of made) expect(readFileSync(path.join(ROOT, file), 'utf8'), file).toBe(text);
  });

  it('reads as the preset, and says what it reaches', async () => {
    const made = await attackConfigs();
    for (const { id } of REPRODUCTIONS) {
      const text = made.get(`configs/attacks/${id}.yaml`) ?? '';
      const preset = presetById(id);
      expect(configFromYaml(text).config, id).toEqual(parseConfig(preset?.config));
      expect(text.replaceAll('\n# ', ' ')).toContain(`Expected: ${preset?.expected}`);
      for (const line of text.split('\n').filter((one) => one.startsWith('#')))
        expect(line.length).toBeLessThanOrEqual(118);
    }
  });
});
