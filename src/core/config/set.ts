import { ConfigError, dotted, type ConfigProblem, type PathSegment } from './problem.ts';
import { labKeyFor } from './backdoors101-keys.ts';
import { unknownKey } from './issue.ts';
import { parseConfig, safeParseConfig } from './parse.ts';
import { mergeDelta } from './delta.ts';
import type { ExperimentConfig } from './schema.ts';
import { isRecord, lookUp, property, valueAt } from './walk.ts';
import { readYaml } from './yaml-document.ts';

/** One `key=value` of a command line; the value is YAML. */
export interface Setting {
  text: string;
  path: string[];
  value: unknown;
}

/**
 * Reads `training.epochs=3`. The value is YAML: `null`, `[normal, backdoor]`, `{ kind: adam }`.
 * @throws ConfigError (E-CONFIG) when there is no `=`, no key, or the value is not YAML.
 */
export function readSetting(text: string): Setting {
  const cut = text.indexOf('=');
  const key = cut === -1 ? '' : text.slice(0, cut).trim();
  if (key === '')
    throw settingError(text, [], 'E-CONFIG', 'has no key and value.', 'Write it as training.epochs=3.');
  const path = key.split('.');
  const yaml = readYaml(text.slice(cut + 1));
  if (yaml.ok) return { text, path, value: yaml.value };
  const [fault] = yaml.faults;
  throw settingError(
    text,
    path,
    fault?.code === 'E-CONFIG-SIZE' ? 'E-CONFIG-SIZE' : 'E-CONFIG',
    'does not hold a YAML value.',
    'Put texts with special signs in quotes.',
  );
}

function settingError(
  text: string,
  path: PathSegment[],
  code: 'E-CONFIG' | 'E-CONFIG-SIZE',
  what: string,
  fix: string,
): ConfigError {
  const shown = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return new ConfigError([
    {
      code,
      what: `The setting ${shown} ${what}`,
      why: 'A setting is KEY=VALUE, the value in YAML.',
      fix,
      where: `--set ${shown}`,
      path,
      at: 'value',
    },
  ]);
}

/**
 * The experiment with settings such as `training.epochs=3` applied, in order. Setting the `kind` of a section to
 * another one starts the section over with the defaults of the new kind; setting a section merges into it.
 * @param value An experiment, whole or with keys left out.
 * @throws ConfigError with `where` naming the setting: E-CONFIG-KEY for an unknown key, E-CONFIG-VALUE for a value.
 */
export function applySettings(value: unknown, settings: readonly string[]): ExperimentConfig {
  let config: unknown = parseConfig(value);
  const applied = settings.map(readSetting);
  for (const setting of applied) config = applyOne(config, setting);
  const result = safeParseConfig(config);
  if (result.ok) return result.config;
  throw new ConfigError(result.problems.map((problem) => fromSetting(problem, applied)));
}

function applyOne(config: unknown, setting: Setting): unknown {
  const { path } = setting;
  const lookup = lookUp(path, config);
  if (!lookup.found) {
    const problem = unknownKey(path.slice(0, lookup.depth + 1), config);
    const lab = path.length === 1 ? labKeyFor(path[0] ?? '') : null;
    const fix = lab === null ? problem.fix : `In the lab's own keys it is ${lab}.`;
    throw new ConfigError([{ ...problem, fix, where: `--set ${dotted(path)}` }]);
  }
  const section = valueAt(config, path.slice(0, -1));
  const switches = path.at(-1) === 'kind' && property(section, 'kind') !== setting.value;
  return replace(config, path, setting.value, switches);
}

/** A copy of `root` with the value at `path`; `alone` drops its siblings. */
function replace(root: unknown, path: readonly string[], value: unknown, alone: boolean): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return mergeDelta(root, value);
  const section = isRecord(root) && !(alone && rest.length === 0) ? root : {};
  return { ...section, [key]: replace(property(section, key), rest, value, alone) };
}

/** A problem of the result told at the last setting that touches its place. */
function fromSetting(problem: ConfigProblem, settings: readonly Setting[]): ConfigProblem {
  const place = dotted(problem.path);
  const setting = settings.findLast(({ path }) => {
    const key = dotted(path);
    return (
      place === key ||
      place.startsWith(`${key}.`) ||
      place.startsWith(`${key}[`) ||
      key.startsWith(`${place}.`)
    );
  });
  return setting === undefined ? problem : { ...problem, where: `--set ${dotted(setting.path)}` };
}
