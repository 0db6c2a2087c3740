/** What a run leaves behind: its figures, files, and how to go on. */
import type { RunResult } from '../core/experiment/events.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { type DefendedRun, withDefenses } from './defend-run.ts';
import { exportModel } from './export-model.ts';
import { writeWhole } from './files.ts';
import type { Terminal } from './output.ts';
import { privacyWords } from '../core/privacy/words.ts';
import { clock, countOf, percent, printLine, shellQuote } from './output.ts';
import { resultToJson } from './result-json.ts';
import type { RunOptions } from './run.ts';

/**
 * Prints the figures and writes the files that were asked for.
 * @param threads how many took part at the end
 * @param defended what the defenses of the experiment said
 */
export async function keepResult(
  result: RunResult,
  store: CheckpointFile,
  options: RunOptions,
  terminal: Terminal,
  threads: number,
  defended: DefendedRun = [],
): Promise<void> {
  const { out, err } = terminal;
  const people = options.json === '-' ? err : out;
  const say = (line: string): void => {
    if (!options.quiet) printLine(people, line);
  };
  say(
    `${result.steps} steps in ${clock(result.seconds)} on ${result.backend}, ${countOf(threads, 'thread')}`,
  );
  for (const line of accuracyLines(result)) say(line);
  if (result.privacy) say(`privacy              ${privacyWords(result.privacy)}`);
  const json = withDefenses(resultToJson(result), defended);
  if (options.json === '-') out.write(json);
  else if (options.json !== undefined) {
    await writeWhole(options.json, json);
    say(`numbers: ${options.json}`);
  }
  if (options.export !== undefined) {
    await writeWhole(
      options.export,
      await exportModel(options.export, result, store.latest, {
        ...(options.data === undefined ? {} : { dataFolder: options.data }),
        half: options.half === true,
      }),
    );
    say(`model: ${options.export}`);
  }
}

/** The accuracies at the end; those of the last epoch, without their counts, when nothing was left to run. */
function accuracyLines({ evaluation, epochs }: RunResult): string[] {
  const last = epochs.at(-1);
  if (evaluation) {
    const { cleanAccuracy, attackSuccess, attackSuccessAll, crossTrigger, others } = evaluation;
    return [
      `clean accuracy       ${percent(cleanAccuracy.value)} (n=${cleanAccuracy.n})`,
      `attack success       ${percent(attackSuccess.value)} (n=${attackSuccess.n}, without inputs that have the wanted label already)`,
      `attack success, all  ${percent(attackSuccessAll.value)} (n=${attackSuccessAll.n})`,
      ...(crossTrigger
        ? [
            `cross-trigger        ${percent(crossTrigger.value)} (n=${crossTrigger.n}, read as what they are under the trigger of another input)`,
          ]
        : []),
      ...others.map(
        (other, at) =>
          `attack success, ${at + 2}.   ${percent(other.attackSuccess.value)} (n=${other.attackSuccess.n})`,
      ),
    ];
  }
  if (!last) return [];
  return [
    `clean accuracy       ${percent(last.clean_accuracy)}`,
    `attack success       ${percent(last.attack_success_rate)} (without inputs that have the wanted label already)`,
    `attack success, all  ${percent(last.attack_success_rate_all)}`,
    ...(last.cross_trigger_accuracy === undefined
      ? []
      : [`cross-trigger        ${percent(last.cross_trigger_accuracy)}`]),
    ...(last.further_attack_success_rates ?? []).map(
      (rate, at) => `attack success, ${at + 2}.   ${percent(rate)}`,
    ),
  ];
}

/** Says where the checkpoint of a stopped run is. */
export function printStopped(
  store: CheckpointFile,
  file: string,
  options: RunOptions,
  { err }: Terminal,
): void {
  if (store.savedStep === null) {
    printLine(err, 'Stopped before the first step; there is nothing to resume.');
    return;
  }
  printLine(err, `Stopped at step ${store.savedStep}; the checkpoint is ${store.path}. To go on:`);
  printLine(err, `  ${commandLine(file, options, ['--resume'])}`);
}

/** The command that ran, with other switches at its end. */
export function commandLine(file: string, options: RunOptions, more: readonly string[]): string {
  const named = (['backend', 'json', 'checkpoint', 'weights', 'export', 'data'] as const).flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const half = options.half ? ['--half'] : [];
  const settings = options.set.flatMap((setting) => ['--set', setting]);
  return ['npm', 'run', '-s', 'lab', '--', 'run', file, ...settings, ...named, ...half, ...more]
    .map(shellQuote)
    .join(' ');
}
