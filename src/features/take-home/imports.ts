/** Reading the experiment that a person brings. */
import { parseConfig } from '../../core/config/parse.ts';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import { configFromYaml } from '../../core/config/yaml.ts';
import { LabError, type LabErrorData } from '../../core/errors.ts';
import { isZip, readZip } from '../../core/formats/zip.ts';

export interface ReadConfig {
  config: ExperimentConfig;
  warnings: LabErrorData[];
}

/**
 * An experiment from YAML (the lab's keys or those of Backdoors 101), from the JSON of a run, or from the zip of one.
 * @throws LabError E-CONFIG, E-CONFIG-KEY, E-CONFIG-VALUE, E-CONFIG-SIZE; E-MODEL for a zip that holds none.
 */
export function readExperimentFile(name: string, bytes: Uint8Array): ReadConfig {
  if (isZip(bytes)) {
    const yaml = readZip(bytes, { file: name }).get('config.yaml');
    if (yaml === undefined) {
      throw new LabError({
        code: 'E-CONFIG',
        what: `${name} holds no experiment.`,
        why: 'A run of the lab has a config.yaml; this zip has none.',
        fix: 'Choose the zip of a run, its run.json, or a YAML file.',
        where: name,
      });
    }
    return configFromYaml(new TextDecoder().decode(yaml));
  }
  const text = new TextDecoder().decode(bytes);
  const run = jsonRun(text);
  return run === undefined ? configFromYaml(text) : { config: parseConfig(run), warnings: [] };
}

/** The config of an exported run; undefined when the text is no such JSON. A plain JSON config is YAML too. */
function jsonRun(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    return 'config' in value && 'seed' in value && 'steps' in value ? value.config : undefined;
  } catch {
    return undefined;
  }
}
