import type { ErrorCode, LabErrorData } from '../errors.ts';
import { fromBackdoors101, isBackdoors101 } from './backdoors101.ts';
import { backdoors101Key } from './backdoors101-keys.ts';
import { safeParseConfig } from './parse.ts';
import { ConfigError, dotted, problemData, type ConfigProblem } from './problem.ts';
import type { ExperimentConfig } from './schema.ts';
import { applySettings, readSetting, type Setting } from './set.ts';
import { readYaml, type TextRange } from './yaml-document.ts';

export interface ReadExperiment {
  config: ExperimentConfig;
  /** What was not honoured or had to be assumed; `where` says line and column. */
  warnings: LabErrorData[];
  /** The keys that the document is written in. */
  source: 'lab' | 'backdoors101';
}

interface PlacedProblem extends ConfigProblem {
  range: TextRange;
}

type Reading =
  | { ok: true; config: ExperimentConfig; warnings: PlacedProblem[]; source: ReadExperiment['source'] }
  | { ok: false; problems: PlacedProblem[] };

/**
 * The experiment in a YAML document, in the lab's own keys or in those of Backdoors 101.
 * @param settings `key=value` texts of a command line, laid over the document. For a document of Backdoors 101, its
 *   keys (`epochs=1`) and the lab's (`training.epochs=1`) both work; its own are applied first.
 * @throws ConfigError with every problem, its `where` as `line 3, column 5`: E-CONFIG (not YAML), E-CONFIG-SIZE,
 *   E-CONFIG-KEY, E-CONFIG-VALUE.
 */
export function configFromYaml(text: string, settings: readonly string[] = []): ReadExperiment {
  const given = settings.map(readSetting);
  const reading = readExperiment(text, given);
  if (!reading.ok) throw new ConfigError(reading.problems);
  const theirs = reading.source === 'backdoors101' ? given.filter(isTheirs) : [];
  const config = applySettings(
    reading.config,
    given.filter((setting) => !theirs.includes(setting)).map(({ text: setting }) => setting),
  );
  return { config, warnings: reading.warnings.map(problemData), source: reading.source };
}

function isTheirs({ path }: Setting): boolean {
  const [key] = path;
  return path.length === 1 && key !== undefined && key !== 'name' && backdoors101Key(key) !== null;
}

function readExperiment(text: string, settings: readonly Setting[]): Reading {
  const yaml = readYaml(text);
  if (!yaml.ok)
    return {
      ok: false,
      problems: yaml.faults.map((fault) => ({
        ...fault,
        where: wordsFor(fault.range),
        path: [],
        at: 'value',
      })),
    };
  const place = (problem: ConfigProblem): PlacedProblem => {
    const range = yaml.locate(problem.path, problem.at);
    const setting = settings.findLast(
      ({ path }) => isTheirs({ path, text: '', value: null }) && path[0] === problem.path[0],
    );
    return {
      ...problem,
      range,
      where: setting === undefined ? wordsFor(range) : `--set ${dotted(setting.path)}`,
    };
  };
  if (yaml.value === null || yaml.value === undefined) return { ok: false, problems: [place(EMPTY)] };
  if (!isBackdoors101(yaml.value)) {
    const result = safeParseConfig(yaml.value);
    return result.ok
      ? { ok: true, config: result.config, warnings: [], source: 'lab' }
      : { ok: false, problems: result.problems.map(place) };
  }
  const overrides = settings.filter(isTheirs).map(({ path, value }) => [path[0] ?? '', value] as const);
  try {
    const { config, warnings } = fromBackdoors101({ ...yaml.value, ...Object.fromEntries(overrides) });
    return { ok: true, config, warnings: warnings.map(place), source: 'backdoors101' };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return { ok: false, problems: thrown.problems.map(place) };
  }
}

const EMPTY: ConfigProblem = {
  code: 'E-CONFIG',
  what: 'The document is empty.',
  why: 'An experiment is a map of keys to values.',
  fix: 'Start with version: 1; every key left out has its default.',
  path: [],
  at: 'value',
};

function wordsFor({ line, column }: TextRange): string {
  return `line ${line}, column ${column}`;
}

/** A problem as an editor marks it; lines and columns count from 1, the end is exclusive. */
export interface EditorProblem extends TextRange {
  message: string;
  severity: 'error' | 'warning';
  code: ErrorCode;
}

/** Everything wrong with a YAML document, or worth knowing of it, in the order of the text. Never throws. */
export function yamlProblems(text: string): EditorProblem[] {
  const reading = readExperiment(text, []);
  const found = reading.ok ? reading.warnings : reading.problems;
  return found
    .map(({ range, code, what, why, fix }) => ({
      ...range,
      message: [what, why, fix].filter((part) => part !== '').join(' '),
      severity: reading.ok ? ('warning' as const) : ('error' as const),
      code,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
