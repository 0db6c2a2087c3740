/** `lab config`: an experiment as the lab understands it. */
import { configToLink } from '../core/config/link.ts';
import { configToYaml } from '../core/config/yaml-write.ts';
import type { ReadExperiment } from '../core/config/yaml.ts';
import { configFromYaml } from '../core/config/yaml.ts';
import { readInput } from './files.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine } from './output.ts';
import { printWarning } from './print-error.ts';

export interface ShowConfigOptions {
  set: string[];
  complete?: boolean | undefined;
  link?: boolean | undefined;
}

/** @throws LabError E-CONFIG and its kin */
export async function readExperimentFile(file: string, settings: readonly string[]): Promise<ReadExperiment> {
  const bytes = await readInput(file, 'The experiment', 'E-CONFIG');
  return configFromYaml(new TextDecoder().decode(bytes), settings);
}

export async function showConfig(
  file: string,
  { set, complete = false, link = false }: ShowConfigOptions,
  { out, err }: Terminal,
): Promise<number> {
  const { config, warnings } = await readExperimentFile(file, set);
  for (const warning of warnings) printWarning(err, warning);
  if (link) printLine(out, `#${configToLink(config)}`);
  else out.write(configToYaml(config, { complete }));
  return EXIT.ok;
}
