/** `lab reproduce privacy`: what clipping and noise cost in accuracy, and take from a backdoor. */
import { PRIVACY_SWEEP, type PrivacyPoint } from '../core/experiment/privacy-sweep.ts';
import { type SweepPoint, sweepSvg } from '../core/privacy/sweep-svg.ts';
import { epsilonWords } from '../core/privacy/words.ts';
import { assertDistinct, assertWritable, writeWhole } from './files.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine, shellQuote } from './output.ts';
import type { ReproduceOptions } from './reproduce.ts';
import { ReproductionRecord, type Training } from './reproduction-record.ts';
import { ReproductionRunner } from './reproduction-runner.ts';
import { inColumns, spread } from './reproduction-table.ts';

interface Row {
  point: PrivacyPoint;
  trainings: Training[];
}

/**
 * Seed by seed, so that a command that was stopped has whole tables.
 * @returns the exit code: nothing must be reached
 * @throws LabError E-DATASET where MNIST is missing, whatever a run is refused with
 */
export async function reproducePrivacy(options: ReproduceOptions, terminal: Terminal): Promise<number> {
  const { json, doc, table: picture, seeds } = options;
  await assertDistinct({ 'the figures': json, 'the page': doc, 'the picture': picture });
  for (const file of [json, doc, picture]) if (file !== undefined) await assertWritable(file);
  const record = await ReproductionRecord.open(json ?? null);
  const stop = new AbortController();
  const stopListening = terminal.onStop(() => stop.abort());
  const runner = new ReproductionRunner(options, record, stop.signal);
  const rows = PRIVACY_SWEEP.map((point): Row => ({ point, trainings: [] }));
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      for (const { point, trainings } of rows) {
        const training = await runner.training(point.config, seed);
        if (!training) continue;
        trainings.push(training);
        const success = training.attackSuccess[0]?.value?.toFixed(4) ?? '-';
        const epsilon = training.epsilon === undefined ? '' : `, ε ${epsilonWords(training.epsilon)}`;
        printLine(
          terminal.err,
          `${point.id}, seed ${seed}: clean ${training.clean.value.toFixed(4)}, ASR ${success}${epsilon}`,
        );
      }
    }
  } finally {
    stopListening();
  }
  const done = rows.filter(({ trainings }) => trainings.length > 0);
  const text = table(done);
  if (picture !== undefined) await writeWhole(picture, drawn(done));
  if (doc !== undefined) await writeWhole(doc, page(done, text, options));
  printLine(terminal.out, text);
  return EXIT.ok;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const accuracies = ({ trainings }: Row): number[] => trainings.map(({ clean }) => clean.value);

const successes = ({ trainings }: Row): number[] =>
  trainings.map(({ attackSuccess }) => attackSuccess[0]?.value).filter((value) => typeof value === 'number');

/** The same for every seed: it is counted from the plan alone. */
const epsilonOf = ({ trainings }: Row): number | undefined => trainings[0]?.epsilon;

function table(rows: readonly Row[]): string {
  const head = ['clip', 'noise', 'ε', 'clean accuracy', 'ASR', 'seeds', 'CPU seconds'];
  return inColumns([
    head,
    ...rows.map((row) => {
      const { point, trainings } = row;
      const [epsilon, success] = [epsilonOf(row), successes(row)];
      return [
        point.clip === null ? 'none' : String(point.clip),
        point.noise === null ? 'none' : String(point.noise),
        epsilon === undefined ? '-' : epsilonWords(epsilon),
        spread(accuracies(row)),
        success.length === 0 ? '-' : spread(success),
        String(trainings.length),
        mean(trainings.map(({ cpuSeconds }) => cpuSeconds)).toFixed(0),
      ];
    }),
  ]);
}

function drawn(rows: readonly Row[]): string {
  const figures = (row: Row) => ({ accuracy: mean(accuracies(row)), attackSuccess: mean(successes(row)) });
  const points = rows.flatMap((row): SweepPoint[] => {
    const epsilon = epsilonOf(row);
    return row.point.clip === null || epsilon === undefined
      ? []
      : [{ clip: row.point.clip, epsilon, ...figures(row) }];
  });
  const plain = rows.find(({ point }) => point.clip === null);
  return sweepSvg(points, plain ? figures(plain) : null, 'Private training of poisoned MNIST');
}

function page(rows: readonly Row[], text: string, { seeds, doc, table: picture }: ReproduceOptions): string {
  const days = [...new Set(rows.flatMap(({ trainings }) => trainings.map(({ date }) => date)))].sort();
  const to = doc === undefined ? '' : ` --doc ${shellQuote(doc)}`;
  const and = picture === undefined ? '' : ` --table ${shellQuote(picture)}`;
  const missing = PRIVACY_SWEEP.length - rows.length;
  const left =
    missing === 0 ? '' : ` ${missing} of the ${PRIVACY_SWEEP.length} settings have not been run yet.`;
  return `${[
    '<!-- Written by `lab reproduce privacy --doc`. Run it again, do not change this page by hand. -->',
    '# Privacy against a backdoor',
    `Of 20,000 training examples of MNIST, one in a hundred has the 5x3 pattern and the label 8; a CNN of 16 and 32 filters trains by DP-SGD over Poisson batches of 256 on average, five epochs, at a learning rate of 0.5 divided by the clip; without privacy at 0.1. ε by Rényi divergences at δ 1e-5. Run on ${days.join(' to ')}.${left}`,
    `\`\`\`sh\nnpm run -s lab -- reproduce privacy --seeds ${seeds}${to}${and}\n\`\`\``,
    'A value is the mean over seeds, with the smallest and the largest in brackets, after the last epoch; ASR is measured over the test inputs with the trigger whose class is not the backdoor label.',
    text,
  ].join('\n\n')}\n`;
}
