import type { z } from 'zod';
import { crossChecks } from './checks.ts';
import { ConfigError, dotted, type ConfigProblem, type PathSegment } from './problem.ts';
import { describeIssue, unknownKey } from './issue.ts';
import { CONFIG_VERSION, experimentSchema, type ExperimentConfig } from './schema.ts';
import { isRecord, property } from './walk.ts';

export type ParseResult = { ok: true; config: ExperimentConfig } | { ok: false; problems: ConfigProblem[] };

/** A list of thousands of wrong pixels is one slip, not thousands. */
const MAX_PROBLEMS = 100;

/** An experiment with all defaults filled in, or every problem it has (the first hundred or so). Never throws. */
export function safeParseConfig(value: unknown): ParseResult {
  const version = property(value, 'version');
  if (isRecord(value) && typeof version === 'number' && version !== CONFIG_VERSION)
    return { ok: false, problems: [versionProblem(version)] };
  const parsed = experimentSchema.safeParse(value);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error.issues, value) };
  const problems = crossChecks(parsed.data);
  return problems.length === 0 ? { ok: true, config: parsed.data } : { ok: false, problems };
}

/**
 * An experiment with all defaults filled in.
 * @throws ConfigError (E-CONFIG-KEY, E-CONFIG-VALUE) that names every problem.
 */
export function parseConfig(value: unknown): ExperimentConfig {
  const result = safeParseConfig(value);
  if (result.ok) return result.config;
  throw new ConfigError(result.problems);
}

function versionProblem(version: number): ConfigProblem {
  return {
    code: 'E-CONFIG-VALUE',
    what: `version: this experiment has version ${version}.`,
    why: `This lab reads version ${CONFIG_VERSION}.`,
    fix:
      version > CONFIG_VERSION
        ? 'Open it in the newer lab that wrote it.'
        : `Write version: ${CONFIG_VERSION}, or leave the key out.`,
    where: 'version',
    path: ['version'],
    at: 'value',
  };
}

function problemsOf(issues: readonly z.core.$ZodIssue[], root: unknown): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Set<string>();
  for (const issue of issues) {
    if (problems.length >= MAX_PROBLEMS) break;
    const path = issue.path.filter((segment): segment is PathSegment => typeof segment !== 'symbol');
    const found =
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => unknownKey([...path, key], root))
        : [describeIssue(issue, path, root)];
    for (const problem of found) {
      const key = `${problem.code} ${dotted(problem.path)}`;
      if (!seen.has(key)) problems.push(problem);
      seen.add(key);
    }
  }
  return problems;
}
