/** The nearest valid experiment to a damaged one, with a warning for each change: what links are read with. */
import { limitsOf } from './describe.ts';
import { safeParseConfig } from './parse.ts';
import { dotted, type ConfigProblem, type PathSegment } from './problem.ts';
import { defaultConfig, type ExperimentConfig } from './schema.ts';
import { isRecord, lookUp, unwrap, valueAt } from './walk.ts';

export interface RepairedConfig {
  config: ExperimentConfig;
  warnings: ConfigProblem[];
}

/** Each round mends every problem that the last one showed; problems hide behind others only a few levels deep. */
const MAX_ROUNDS = 12;

/**
 * An experiment from untrusted data: numbers out of range go to the nearest end, unknown keys are dropped, and what
 * cannot be mended falls back to its default. Every change is a warning. Never throws.
 */
export function repairConfig(value: unknown): RepairedConfig {
  const warnings: ConfigProblem[] = [];
  let current: unknown = isRecord(value) ? structuredClone(value) : {};
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const result = safeParseConfig(current);
    if (result.ok) return { config: result.config, warnings };
    const told = new Set<string>();
    for (const problem of result.problems) {
      const { next, fix } = mend(current, problem);
      current = next;
      // A list falls back once, however many of its items are wrong.
      if (!told.has(fix) || problem.code === 'E-CONFIG-KEY') warnings.push({ ...problem, fix });
      told.add(fix);
    }
  }
  warnings.push({
    code: 'E-CONFIG',
    what: 'The experiment could not be mended.',
    why: 'It has too many problems.',
    fix: 'All settings are the defaults.',
    path: [],
    at: 'value',
  });
  return { config: defaultConfig, warnings };
}

function mend(root: unknown, problem: ConfigProblem): { next: unknown; fix: string } {
  const { path } = problem;
  if (problem.code === 'E-CONFIG-KEY') return { next: without(root, path), fix: 'It was left out.' };
  const clamped = clamp(root, path);
  if (clamped !== null)
    return { next: withValue(root, path, clamped), fix: `${dotted(path)} was set to ${clamped}.` };
  // A list is mended as a whole, and a section whose kind is unknown falls back with it.
  const listStart = path.findIndex((segment) => typeof segment === 'number');
  let target = listStart === -1 ? path : path.slice(0, listStart);
  if (target.at(-1) === 'kind') target = target.slice(0, -1);
  if (target.length === 0) return { next: {}, fix: 'All settings are the defaults.' };
  return { next: without(root, target), fix: `${dotted(target)} was set to its default.` };
}

/** The end of the range nearest to a number that lies outside it; null when there is no such end. */
function clamp(root: unknown, path: readonly PathSegment[]): number | null {
  const given = valueAt(root, path);
  const lookup = lookUp(path, root);
  if (typeof given !== 'number' || !Number.isFinite(given) || !lookup.found) return null;
  const { minimum, maximum, type } = limitsOf(unwrap(lookup.schema).type);
  const rounded = type === 'integer' ? Math.round(given) : given;
  const within = Math.min(maximum ?? rounded, Math.max(minimum ?? rounded, rounded));
  return within === given ? null : within;
}

function without(root: unknown, path: readonly PathSegment[]): unknown {
  const [key, ...rest] = path;
  if (!isRecord(root) || key === undefined) return root;
  const entries = Object.entries(root);
  return Object.fromEntries(
    rest.length === 0
      ? entries.filter(([name]) => name !== key)
      : entries.map(([name, child]) => [name, name === key ? without(child, rest) : child]),
  );
}

function withValue(root: unknown, path: readonly PathSegment[], value: number): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(root))
    return root.map((child: unknown, i) => (i === key ? withValue(child, rest, value) : child));
  if (!isRecord(root)) return root;
  return Object.fromEntries(
    Object.entries(root).map(([name, child]) => [name, name === key ? withValue(child, rest, value) : child]),
  );
}
