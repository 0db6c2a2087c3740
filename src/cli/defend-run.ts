/** The defenses that an experiment lists, on the model that it has trained. */
import type { Checkpoint } from '../core/experiment/checkpoint.ts';
import type { RunResult } from '../core/experiment/events.ts';
import { defenseToJson } from '../core/defenses/seeds.ts';
import { defendModel, summary } from './defend.ts';
import { defenseProgress } from './defense-progress.ts';
import { printLine, type Terminal } from './output.ts';
import type { RunOptions } from './run.ts';

/** What the JSON of the run says of them. */
export type DefendedRun = NonNullable<ReturnType<typeof defenseToJson>>[];

/**
 * Runs them and says what each says.
 * @param latest at the end of the run; a run that diverged has none of its last step, and is not defended
 * @throws LabError as a defense is refused, E-CANCELLED
 */
export async function defendRun(
  { config, steps }: RunResult,
  latest: Checkpoint | null,
  options: RunOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<DefendedRun> {
  if (config.defenses.length === 0 || latest?.step !== steps) return [];
  const people = options.json === '-' ? terminal.err : terminal.out;
  const progress = defenseProgress(people, terminal, options.quiet === true);
  const { backend, data, threads } = options;
  const asked = { weights: latest.weights, experiment: config, asked: config.defenses };
  try {
    const { runs } = await defendModel(asked, { backend, data, threads, seeds: 1 }, signal, progress.onEvent);
    progress.end();
    if (!options.quiet) for (const seeds of runs) printLine(people, summary(seeds));
    return runs.flatMap((seeds) => defenseToJson(seeds) ?? []);
  } finally {
    progress.end();
  }
}

/** The JSON of a run with what defenses said of it. */
export function withDefenses(json: string, defenses: DefendedRun): string {
  if (defenses.length === 0) return json;
  return `${JSON.stringify({ ...(JSON.parse(json) as object), defenses }, null, 1)}\n`;
}
