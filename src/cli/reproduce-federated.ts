/** `lab reproduce federated`: a published table of federated rules, ours beside it. */
import {
  ACCURACY_WITHIN,
  FEDERATED_REPRODUCTIONS,
  FEDERATED_SOURCE,
  type FederatedReproduction,
} from '../core/experiment/federated-reproductions.ts';
import { assertDistinct, assertWritable, writeWhole } from './files.ts';
import type { Terminal } from './output.ts';
import { EXIT, printLine, shellQuote } from './output.ts';
import type { ReproduceOptions } from './reproduce.ts';
import { ReproductionRecord, type Training } from './reproduction-record.ts';
import { ReproductionRunner } from './reproduction-runner.ts';
import { inColumns, spread } from './reproduction-table.ts';

interface Row {
  reproduction: FederatedReproduction;
  trainings: Training[];
}

/**
 * Seed by seed, so that a command that was stopped has whole tables.
 * @returns the exit code: 1 when an accuracy is further from the published one than `ACCURACY_WITHIN`
 * @throws LabError E-DATASET where Fashion-MNIST is missing, whatever a run is refused with
 */
export async function reproduceFederated(options: ReproduceOptions, terminal: Terminal): Promise<number> {
  const { json, doc, seeds } = options;
  await assertDistinct({ 'the figures': json, 'the page': doc });
  for (const file of [json, doc]) if (file !== undefined) await assertWritable(file);
  const record = await ReproductionRecord.open(json ?? null);
  const stop = new AbortController();
  const stopListening = terminal.onStop(() => stop.abort());
  const runner = new ReproductionRunner(options, record, stop.signal);
  const rows = FEDERATED_REPRODUCTIONS.map((reproduction): Row => ({ reproduction, trainings: [] }));
  try {
    for (let seed = 1; seed <= seeds; seed++) {
      for (const { reproduction, trainings } of rows) {
        const training = await runner.training(reproduction.config, seed);
        if (!training) continue;
        trainings.push(training);
        const success = training.attackSuccess[0]?.value?.toFixed(4) ?? '-';
        printLine(
          terminal.err,
          `${reproduction.id}, seed ${seed}: clean ${training.clean.value.toFixed(4)}, ASR ${success}`,
        );
      }
    }
  } finally {
    stopListening();
  }
  const done = rows.filter(({ trainings }) => trainings.length > 0);
  const text = table(done);
  if (doc !== undefined) await writeWhole(doc, page(done, text, options));
  printLine(terminal.out, text);
  return done.every(near) ? EXIT.ok : EXIT.failed;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const accuracies = ({ trainings }: Row): number[] => trainings.map(({ clean }) => clean.value);

const near = (row: Row): boolean =>
  Math.abs(mean(accuracies(row)) - row.reproduction.published.accuracy) <= ACCURACY_WITHIN;

function table(rows: readonly Row[]): string {
  const head = [
    'split',
    'rule',
    'clean accuracy',
    'published',
    `within ${ACCURACY_WITHIN}`,
    'ASR',
    'published',
    'seeds',
    'CPU seconds',
  ];
  return inColumns([
    head,
    ...rows.map((row) => {
      const { reproduction, trainings } = row;
      const success = trainings
        .map(({ attackSuccess }) => attackSuccess[0]?.value)
        .filter((value) => typeof value === 'number');
      return [
        reproduction.split,
        reproduction.rule,
        spread(accuracies(row)),
        reproduction.published.accuracy.toFixed(3),
        near(row) ? 'yes' : '**no**',
        success.length === 0 ? '-' : spread(success),
        reproduction.published.attackSuccess.toFixed(3),
        String(trainings.length),
        mean(trainings.map(({ cpuSeconds }) => cpuSeconds)).toFixed(0),
      ];
    }),
  ]);
}

function page(rows: readonly Row[], text: string, { seeds, doc }: ReproduceOptions): string {
  const days = [...new Set(rows.flatMap(({ trainings }) => trainings.map(({ date }) => date)))].sort();
  const to = doc === undefined ? '' : ` --doc ${shellQuote(doc)}`;
  return `${[
    '<!-- Written by `lab reproduce federated --doc`. Run it again, do not change this page by hand. -->',
    '# Federated rules beside a published table',
    `One attacker among ten clients poisons half of its examples with the 5x3 pattern; all take part in each of 40 rounds of one local epoch. Fashion-MNIST, a CNN of 16 and 32 filters, SGD at 0.01 with momentum 0.9, batches of 32. Run on ${days.join(' to ')}.`,
    `\`\`\`sh\nnpm run -s lab -- reproduce federated --seeds ${seeds}${to}\n\`\`\``,
    `Published: [${FEDERATED_SOURCE.text}](${FEDERATED_SOURCE.url}), one attacker. Their optimizer, batches and trigger are not stated there; here each client has a quarter of its examples (15,000 in all), which momentum makes up for. A value is the mean over seeds, with the smallest and the largest in brackets, after the last round; ASR is measured over the test inputs with the trigger whose class is not the backdoor label.`,
    text,
  ].join('\n\n')}\n`;
}
