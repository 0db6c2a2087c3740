/** `lab reproduce defenses`: what each defense must show, over several seeds. */
import { DEFENSE_CLAIMS, type DefenseClaim, type Shown } from '../core/experiment/defense-claims.ts';
import { suggest } from '../core/config/nearest.ts';
import { LabError } from '../core/errors.ts';
import { DefenseTrials } from './defense-trials.ts';
import { assertDistinct, assertWritable, writeWhole } from './files.ts';
import { EXIT, printLine, shellQuote, type Terminal } from './output.ts';
import type { ReproduceOptions } from './reproduce.ts';
import { type DefenseCell, ReproductionRecord } from './reproduction-record.ts';
import { ReproductionRunner, type TrainedModel } from './reproduction-runner.ts';
import { inColumns, spread } from './reproduction-table.ts';

interface Trial {
  model: TrainedModel;
  cell: DefenseCell;
  shown: Shown;
  holds: boolean;
}

interface Done {
  claim: DefenseClaim;
  trials: Trial[];
}

/**
 * Seed by seed, so that a command that was stopped has whole tables.
 * @param names of claims, or beginnings of them: `neural-cleanse` is all three of that; none runs all
 * @returns the exit code: 1 when a claim does not hold
 * @throws LabError E-CONFIG-VALUE for a name that no claim begins with, whatever a run or a defense is refused with
 */
export async function reproduceDefenses(
  names: readonly string[],
  options: ReproduceOptions,
  terminal: Terminal,
): Promise<number> {
  const { json, doc, seeds } = options;
  const claims = chosen(names);
  await assertDistinct({ 'the figures': json, 'the page': doc });
  for (const file of [json, doc]) if (file !== undefined) await assertWritable(file);
  const record = await ReproductionRecord.open(json ?? null);
  const stop = new AbortController();
  const stopListening = terminal.onStop(() => stop.abort());
  const runner = new ReproductionRunner(options, record, stop.signal);
  const trials = new DefenseTrials(options, record, stop.signal);
  const done = claims.map((claim): Done => ({ claim, trials: [] }));
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      for (const { claim, trials: into } of done) {
        const model = await runner.model(claim.experiment, seed);
        const asked = { name: claim.defense.kind, settings: claim.defense };
        const cell = model && (await trials.cell(model, asked, claim.control));
        if (!model || !cell) continue;
        const shown = shownOf(model, cell);
        const trial = { model, cell, shown, holds: cell.error === null && claim.holds(shown) };
        into.push(trial);
        printLine(terminal.err, `${claim.id}, seed ${seed}: ${said(claim, trial)}`);
      }
    }
  } finally {
    stopListening();
  }
  const ran = done.filter(({ trials: { length } }) => length > 0);
  const text = table(ran);
  if (doc !== undefined) await writeWhole(doc, page(ran, text, names, options));
  printLine(terminal.out, text);
  return ran.every(holds) ? EXIT.ok : EXIT.failed;
}

function chosen(names: readonly string[]): readonly DefenseClaim[] {
  if (names.length === 0) return DEFENSE_CLAIMS;
  const plain = names.map((name) => name.replaceAll('_', '-'));
  const ids = DEFENSE_CLAIMS.map(({ id }) => id);
  for (const name of plain) {
    if (ids.some((id) => id.startsWith(name))) continue;
    throw new LabError({
      code: 'E-CONFIG-VALUE',
      what: `The lab claims nothing of a defense "${name}".`,
      why: `There are ${ids.join(', ')}.`,
      fix: suggest(name, ids) || 'Choose some of these, or give no name to run all.',
    });
  }
  return DEFENSE_CLAIMS.filter(({ id }) => plain.some((name) => id.startsWith(name)));
}

function shownOf({ training, config }: TrainedModel, cell: DefenseCell): Shown {
  const { score, verdict, labels, metrics, seconds } = cell;
  const attackSuccess = config.attack.enabled ? (training.attackSuccess[0]?.value ?? null) : null;
  return { attackSuccess, score, verdict, labels, metrics, seconds };
}

const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(4));

function said({ figures }: DefenseClaim, { shown, cell, holds: does }: Trial): string {
  if (cell.error) return cell.error.what;
  const values = figures.map(({ title, of }) => `${title} ${figure(of(shown))}`);
  return [...values, does ? 'holds' : 'DOES NOT HOLD'].join(', ');
}

function holds({ claim, trials }: Done): boolean {
  return trials.filter((trial) => trial.holds).length >= claim.share * trials.length;
}

/** A row for each claim: mean over seeds, with the smallest and the largest. */
function table(done: readonly Done[]): string {
  const head = [
    'defense and model',
    'clean accuracy',
    'figures',
    'clean control',
    'seconds',
    'must',
    'seeds',
    'holds',
  ];
  return inColumns([
    head,
    ...done.map((one) => {
      const { claim, trials } = one;
      const held = trials.filter((trial) => trial.holds).length;
      const refused = trials.find(({ cell }) => cell.error)?.cell.error?.what;
      return [
        claim.title,
        spread(trials.map(({ model }) => model.training.clean.value)),
        refused ?? claim.figures.map((each) => figureOver(each, trials)).join('; '),
        controlOver(trials),
        mean(trials.map(({ cell }) => cell.seconds)).toFixed(0),
        claim.must,
        String(trials.length),
        `${holds(one) ? 'yes' : '**no**'} (${held} of ${trials.length})`,
      ];
    }),
  ]);
}

function figureOver({ title, of }: DefenseClaim['figures'][number], trials: readonly Trial[]): string {
  const values = trials.map(({ shown }) => of(shown)).filter((value) => value !== null);
  return `${title} ${values.length === 0 ? '-' : spread(values)}`;
}

function controlOver(trials: readonly Trial[]): string {
  const controls = trials.map(({ cell }) => cell.control).filter((control) => control !== null);
  if (controls.length === 0) return '';
  const scores = controls.map(({ score }) => score).filter((score) => score !== null);
  const verdicts = [...new Set(controls.map(({ verdict }) => verdict))].join(' or ');
  return scores.length === 0 ? verdicts : `${verdicts}, score ${spread(scores)}`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function page(
  done: readonly Done[],
  text: string,
  names: readonly string[],
  options: ReproduceOptions,
): string {
  const cells = done.flatMap(({ trials }) => trials.map(({ cell }) => cell));
  const days = [...new Set(cells.map(({ date }) => date))].sort();
  const backends = [...new Set(cells.map(({ backend }) => backend))].join(', ');
  const { seeds, doc } = options;
  const notes = done.flatMap((one) =>
    one.claim.note === undefined || holds(one) ? [] : `- ${one.claim.title}: ${one.claim.note}`,
  );
  const words = [...names, '--seeds', String(seeds), ...(doc === undefined ? [] : ['--doc', doc])];
  return `${[
    '<!-- Written by `lab reproduce defenses --doc`. Run it again, do not change this page by hand. -->',
    '# What the defenses show',
    `Each defense of the lab with its own defaults on MNIST, on models that were trained from random weights for each seed: what it must show, and whether it does. Run on ${days.join(' to ')}, computed by ${backends}.`,
    `\`\`\`sh\nnpm run -s lab -- reproduce defenses ${words.map(shellQuote).join(' ')}\n\`\`\``,
    'With `--json FILE` every model and every figure is kept as soon as it is there, and a command that was stopped goes on where it was. A value is the mean over seeds, with the smallest and the largest in brackets. Clean accuracy and ASR (attack success) are of the model as it was trained, over the whole test set; what comes after a defense is measured on the half of it that the defender does not hold, guards on 500 clean and 500 triggered inputs of that half. The index of Neural Cleanse is that of the label that lies farthest out. The clean control is the model that the lab ships. Seconds are of the defense alone, by the clock, on whatever else the machine did.',
    text,
    ...(notes.length > 0 ? [`Where something does not hold:\n\n${notes.join('\n')}`] : []),
  ].join('\n\n')}\n`;
}
