/** `lab reproduce`: every attack over a few seeds beside a clean control, as a table. */
import type { ExperimentInput } from '../core/config/schema.ts';
import { LabError } from '../core/errors.ts';
import {
  type Demand,
  type Reproduction,
  REPRODUCTIONS,
  reproductionOf,
} from '../core/experiment/reproductions.ts';
import type { ControlCache } from '../engine/defenses/control.ts';
import { assertDistinct, assertWritable, writeWhole } from './files.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine, shellQuote } from './output.ts';
import { reproduceDefenses } from './reproduce-defenses.ts';
import { reproduceFederated } from './reproduce-federated.ts';
import { reproduceMatrix } from './reproduce-matrix.ts';
import { reproducePrivacy } from './reproduce-privacy.ts';
import { type LeftOut, type Reproduced, reproductionPage, said, table } from './reproduction-table.ts';
import { ReproductionRecord } from './reproduction-record.ts';
import { ReproductionRunner, type Trial } from './reproduction-runner.ts';

export interface ReproduceOptions {
  seeds: number;
  /** Where figures are kept, and read from when the command is given again. */
  json?: string | undefined;
  /** A page with the table. */
  doc?: string | undefined;
  /** Of the matrix: the table as .csv with every figure, .tex or .svg. Of privacy: the chart as .svg. */
  table?: string | undefined;
  data?: string | undefined;
  threads?: number | undefined;
  /** Train nothing, and show what `json` has. */
  kept?: boolean | undefined;
  /** Lays settings over every experiment, for a quick look: `training.max_batches=100`. */
  overlay?: ExperimentInput | undefined;
  /** Where models are kept that defenses are run on. */
  models?: ControlCache | undefined;
}

/**
 * @param names of reproductions; none runs all whose data set is here; `federated`, `privacy`, `defenses`
 * and `matrix` are tables of their own; the two of defenses take names behind them
 * @returns the exit code: 1 when an attack does not reach what it must
 * @throws LabError E-CONFIG-VALUE for an unknown name, E-DATASET where a data set is missing that a name asks for
 */
export async function reproduce(
  names: readonly string[],
  options: ReproduceOptions,
  terminal: Terminal,
): Promise<number> {
  const [first, ...others] = names;
  if (first === 'defenses') return reproduceDefenses(others, options, terminal);
  if (first === 'matrix') return reproduceMatrix(others, options, terminal);
  if (first === 'federated' && others.length === 0) return reproduceFederated(options, terminal);
  if (first === 'privacy' && others.length === 0) return reproducePrivacy(options, terminal);
  const { json, doc, seeds } = options;
  const chosen = names.length === 0 ? [...REPRODUCTIONS] : names.map(known);
  await assertDistinct({ 'the figures': json, 'the page': doc });
  for (const file of [json, doc]) if (file !== undefined) await assertWritable(file);
  const record = await ReproductionRecord.open(json ?? null);
  const stop = new AbortController();
  const stopListening = terminal.onStop(() => stop.abort());
  const runner = new ReproductionRunner(options, record, stop.signal);
  const done: Reproduced[] = [];
  const leftOut: LeftOut[] = [];
  try {
    for (const reproduction of chosen) {
      try {
        const trials: Trial[] = [];
        for (let seed = 1; seed <= seeds; seed++) {
          const trial = await runner.trial(reproduction, seed);
          if (!trial) continue;
          trials.push(trial);
          printLine(terminal.err, `${reproduction.id}, seed ${seed}: ${said(trial)}`);
        }
        if (trials.length > 0) done.push({ reproduction, trials, reached: reaches(reproduction, trials) });
      } catch (thrown) {
        if (names.length > 0 || !(thrown instanceof LabError) || thrown.code !== 'E-DATASET') throw thrown;
        leftOut.push({ reproduction, why: thrown });
        printLine(terminal.err, `${reproduction.id} is left out. ${thrown.what} ${thrown.fix}`);
      }
    }
  } finally {
    stopListening();
  }
  if (doc !== undefined) await writeWhole(doc, reproductionPage(done, leftOut, commandLine(names, options)));
  printLine(terminal.out, table(done));
  return done.every(({ reached }) => reached) ? EXIT.ok : EXIT.failed;
}

/** How many seeds are run where nobody says. */
export function usualSeeds([first]: readonly string[]): number {
  if (first === 'defenses') return 5;
  return first === 'matrix' ? 1 : 3;
}

/** As a person gives it; where the figures are kept does not change them. */
function commandLine(names: readonly string[], { seeds, doc }: ReproduceOptions): string {
  const options = ['--seeds', String(seeds), ...(doc === undefined ? [] : ['--doc', doc])];
  return ['npm run -s lab -- reproduce', ...[...names, ...options].map(shellQuote)].join(' ');
}

/** `cifar_blind` finds `cifar-blind`. */
function known(name: string): Reproduction {
  const found = reproductionOf(name.replaceAll('_', '-'));
  if (found) return found;
  throw new LabError({
    code: 'E-CONFIG-VALUE',
    what: `There is no reproduction "${name}".`,
    why: `The lab has ${REPRODUCTIONS.map(({ id }) => id).join(', ')}.`,
    fix: 'Choose some of these, or give no name to run all.',
  });
}

/**
 * Each backdoor of each seed, the clean accuracy beside its control or by itself, and that under others' triggers where it is
 * asked.
 */
export function reaches(
  { attackSuccess, cleanDrop, cleanFloor = 0, crossTrigger = 0 }: Demand,
  trials: readonly Trial[],
): boolean {
  return trials.every(
    ({ attacked, control }) =>
      attacked.attackSuccess.every(({ value }) => value !== null && value >= attackSuccess) &&
      attacked.clean.value >= cleanFloor &&
      (cleanDrop === null || attacked.clean.value >= control.clean.value - cleanDrop) &&
      (attacked.crossTrigger?.value ?? 0) >= crossTrigger,
  );
}
