import { ConfigError, problemData } from '../core/config/problem.ts';
import type { LabErrorData } from '../core/errors.ts';
import { asLabError } from '../core/errors.ts';
import { printLine } from './output.ts';

/** An error as lines: code and what, why, what to do, where. */
export function errorLines(error: LabErrorData, label = 'error'): string[] {
  const { code, what, why, fix, where } = error;
  const place = where === undefined || what.includes(where) ? '' : `  at: ${where}`;
  return [`${label} ${code}: ${what}`, `  ${why}`, `  ${fix}`, place].filter((line) => line.trim() !== '');
}

/** Prints every problem that an error tells of; with `debug` its stack too. */
export function printError(stream: NodeJS.WritableStream, thrown: unknown, debug: boolean): void {
  const error = asLabError(thrown);
  const problems = thrown instanceof ConfigError ? thrown.problems.map(problemData) : [error.toData()];
  for (const problem of problems) for (const line of errorLines(problem)) printLine(stream, line);
  if (!debug) {
    if (error.code === 'E-INTERNAL') printLine(stream, '  Add --debug to see where it happened.');
    return;
  }
  const cause = error.cause instanceof Error ? error.cause : error;
  printLine(stream, cause.stack ?? cause.message);
}

export function printWarning(stream: NodeJS.WritableStream, warning: LabErrorData): void {
  for (const line of errorLines(warning, 'warning')) printLine(stream, line);
}
