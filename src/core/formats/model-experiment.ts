/** The experiment that a model's file says it comes from. */
import type { ExperimentConfig } from '../config/schema.ts';
import { safeParseConfig } from '../config/parse.ts';
import { configFromYaml } from '../config/yaml.ts';
import { CHECKPOINT_FORMAT } from './model-file.ts';
import { readSafetensors } from './safetensors.ts';
import { isZip, readZip } from './zip.ts';

/**
 * From the metadata of safetensors or of a LayersModel zip, the `config.yaml` of a run's zip, or a checkpoint. Null where the
 * file says nothing, or nothing that this lab can read.
 * @param name of the file, for errors
 * @throws LabError E-MODEL when the file cannot be read at all
 */
export function experimentOfModel(name: string, bytes: Uint8Array): ExperimentConfig | null {
  if (isZip(bytes)) {
    const files = readZip(bytes, { file: name });
    const yaml = files.get('config.yaml');
    if (yaml) return fromYaml(new TextDecoder().decode(yaml));
    const topology = [...files].find(([path]) => path.endsWith('model.json'))?.[1];
    const said = topology && (parsed(new TextDecoder().decode(topology)) as Topology | null);
    return fromYaml(said?.userDefinedMetadata?.config);
  }
  const { metadata } = readSafetensors(bytes, name);
  if (metadata['format'] !== CHECKPOINT_FORMAT) return fromYaml(metadata['config']);
  const checkpoint = parsed(metadata['checkpoint'] ?? '') as { config?: unknown } | null;
  const result = safeParseConfig(checkpoint?.config);
  return result.ok ? result.config : null;
}

interface Topology {
  userDefinedMetadata?: { config?: unknown } | null;
}

function fromYaml(text: unknown): ExperimentConfig | null {
  if (typeof text !== 'string' || text === '') return null;
  try {
    return configFromYaml(text).config;
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
