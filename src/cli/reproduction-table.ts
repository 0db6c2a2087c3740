/** What `lab reproduce` found, for people: lines, a Markdown table, a page of the docs. */
import type { ExperimentConfig } from '../core/config/schema.ts';
import { parseConfig } from '../core/config/parse.ts';
import { grouped } from '../core/formats/bytes.ts';
import type { LabError } from '../core/errors.ts';
import type { Demand, Reproduction } from '../core/experiment/reproductions.ts';
import type { Trial } from './reproduction-runner.ts';

export interface Reproduced {
  reproduction: Reproduction;
  trials: Trial[];
  /** Whether each seed reached what was stated. */
  reached: boolean;
}

/** What was left out, and what to do about it. */
export interface LeftOut {
  reproduction: Reproduction;
  why: LabError;
}

const CROSSED = 'cross-trigger';

const HEAD = [
  'attack',
  'budget',
  'clean control',
  'clean accuracy',
  'ASR',
  'R-accuracy',
  CROSSED,
  'n',
  'seeds',
  'CPU seconds',
  'must reach',
  'reached',
  'published',
];

/**
 * A row for each attack: the mean over seeds, with the smallest and largest where they differ. Columns stand in line; that
 * of the cross-trigger test is there where it was measured.
 */
export function table(done: readonly Reproduced[]): string {
  const rows = [HEAD, ...done.map(cells)];
  const empty = HEAD.indexOf(CROSSED);
  return inColumns(
    crossedOver(done) > 0 ? rows : rows.map((row) => row.filter((_, column) => column !== empty)),
  );
}

/** Over how many inputs the cross-trigger test was counted; 0 where no trigger is made from the input. */
function crossedOver(done: readonly Reproduced[]): number {
  const counts = done.flatMap(({ trials }) => trials.map(({ attacked }) => attacked.crossTrigger?.n ?? 0));
  return Math.max(0, ...counts);
}

/** A Markdown table of rows, the first of which is its head; columns stand in line. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[], filler = ' '): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, filler)).join(' | ')} |`;
  return [line(head), line([], '-'), ...body.map((row) => line(row))].join('\n');
}

function cells({ reproduction, trials, reached }: Reproduced): string[] {
  const { title, published } = reproduction;
  const first = trials[0]?.attacked;
  const perBackdoor = (figure: 'attackSuccess' | 'robust'): string => {
    const count = first?.[figure].length ?? 0;
    const columns = Array.from({ length: count }, (_, at) =>
      trials.map(({ attacked }) => attacked[figure][at]?.value).filter((value) => typeof value === 'number'),
    );
    return columns.map((values) => (values.length === 0 ? '-' : spread(values))).join(' and ');
  };
  const crossed = trials.flatMap(({ attacked }) => attacked.crossTrigger?.value ?? []);
  return [
    title,
    budget(parseConfig(reproduction.config)),
    spread(trials.map(({ control }) => control.clean.value)),
    spread(trials.map(({ attacked }) => attacked.clean.value)),
    perBackdoor('attackSuccess'),
    perBackdoor('robust'),
    crossed.length > 0 ? spread(crossed) : '',
    first ? [first.clean, ...first.attackSuccess].map(({ n }) => grouped(n)).join(' and ') : '',
    String(trials.length),
    mean(trials.map(({ attacked }) => attacked.cpuSeconds)).toFixed(0),
    demand(reproduction),
    reached ? 'yes' : '**no**',
    published === null ? '' : `[${published.text}](${published.source})`,
  ];
}

/** `ASR 0.95, clean within 0.01`. */
export function demand({ attackSuccess, cleanDrop, cleanFloor, crossTrigger }: Demand): string {
  const parts = [
    `ASR ${attackSuccess}`,
    ...(cleanFloor === undefined ? [] : [`clean ${cleanFloor}`]),
    ...(cleanDrop === null ? [] : [`clean within ${cleanDrop}`]),
    ...(crossTrigger === undefined ? [] : [`cross-trigger ${crossTrigger}`]),
  ];
  return parts.join(', ');
}

/** `5 % of the training set; 2 x 500 steps of 64`. */
export function budget({ attack, training }: ExperimentConfig): string {
  const { epochs, max_batches: batches, batch_size: size } = training;
  const times = epochs === 1 ? '' : `${epochs} x `;
  const length =
    batches === null
      ? `${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} of steps of ${size}`
      : `${times}${batches} steps of ${size}`;
  return `${share(attack.injection)}; ${length}`;
}

function share(injection: ExperimentConfig['attack']['injection']): string {
  const percent = (fraction: number): string => `${Number((100 * fraction).toFixed(2))} %`;
  const covers = (cover: number): string => (cover > 0 ? ` and ${percent(cover)} covers` : '');
  switch (injection.kind) {
    case 'data':
      return `${percent(injection.fraction)} of the training set${covers(injection.cover)}`;
    case 'batch':
      return `${percent(injection.fraction)} of each batch${covers(injection.cover)}`;
    case 'clean_label':
      return `${percent(injection.fraction)} of the target class, labels kept`;
    case 'model':
      return `no poisoned data, ${injection.channels} ${injection.channels === 1 ? 'channel' : 'channels'} a layer (${injection.method})`;
    case 'loss':
      return `a loss of its own (${injection.balancer.kind === 'mgda' ? 'MGDA' : 'fixed weights'}) in each step, on ${percent(injection.proportion)} of the batch${covers(injection.cover)}`;
  }
}

/**
 * The page of the docs.
 * @param command that makes it again
 */
export function reproductionPage(
  done: readonly Reproduced[],
  leftOut: readonly LeftOut[],
  command: string,
): string {
  const trainings = done.flatMap(({ trials }) =>
    trials.flatMap(({ control, attacked }) => [control, attacked]),
  );
  const days = [...new Set(trainings.map(({ date }) => date))].sort();
  const span = days.length > 1 ? `${days[0]} to ${days.at(-1)}` : (days[0] ?? 'no day');
  const backends = [...new Set(trainings.map(({ backend }) => backend))].join(', ');
  const brought = [...new Set(trainings.map(({ dataset }) => dataset))]
    .filter((id) => id.startsWith('custom-'))
    .map((id) => `\`${id}\``);
  const paragraphs = [
    '<!-- Written by `lab reproduce --doc`. Run it again, do not change this page by hand. -->',
    '# Reproduction',
    `Every attack of the lab, trained from random weights for each seed, beside a clean control: the same training with the same seed and no attack. Run on ${span}, computed by ${backends}.`,
    `\`\`\`sh\n${command}\n\`\`\``,
    'With `--json FILE` every training is kept as soon as it is done, and a command that was stopped goes on where it was. A value is the mean over seeds, with the smallest and the largest in brackets; each seed by itself has to reach what is stated. ASR (attack success) is measured over test inputs with the trigger whose class is not the backdoor label already, R-accuracy is how many of these are read as what they are, and n says over how many test inputs clean accuracy and ASR were counted. CPU seconds are of the attacked training and its evaluation, all threads together. Published figures are of another network and budget, for orientation. Where a budget or a trigger had to be made stronger to reach its range, that was found by looking at seed 1: the further seeds had no part in it. Those of the input-aware attack and of the ones on a foot were chosen with further seeds in sight.',
    ...(crossedOver(done) > 0
      ? [
          `Cross-trigger, for a trigger that is made from the input: accuracy on the first ${grouped(crossedOver(done))} test inputs, each with the trigger of another one.`,
        ]
      : []),
    table(done),
    ...(brought.length > 0 ? [`Data sets that were added by \`lab data add\`: ${brought.join(', ')}.`] : []),
    ...(leftOut.length > 0
      ? [
          'Left out, because the data are not here:',
          leftOut
            .map(({ reproduction, why }) => `- ${reproduction.title}: ${why.what} ${why.fix}`)
            .join('\n'),
        ]
      : []),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** A seed in one line. */
export function said({ control, attacked }: Trial): string {
  const { crossTrigger } = attacked;
  const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(4));
  const success = attacked.attackSuccess.map(({ value }) => figure(value)).join(' and ');
  return `control ${figure(control.clean.value)}, clean ${figure(attacked.clean.value)}, ASR ${success}${crossTrigger ? `, cross-trigger ${figure(crossTrigger.value)}` : ''} (${attacked.cpuSeconds.toFixed(0)} s of CPU)`;
}

/** `0.9873`, or `0.9873 (0.9841 to 0.9890)`. */
export function spread(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const middle = mean(values).toFixed(4);
  return low === high ? middle : `${middle} (${low.toFixed(4)} to ${high.toFixed(4)})`;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
