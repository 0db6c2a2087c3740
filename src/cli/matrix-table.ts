/** The matrix of attacks and defenses, for people and as plain values. */
import { type DefenseDefinition, DEFENSE_KINDS } from '../core/defenses/defense.ts';
import type { Matrix, MatrixCell } from '../core/defenses/matrix.ts';
import {
  PUBLISHED_DEFENSES,
  PUBLISHED_GRID,
  PUBLISHED_GRID_SOURCE,
} from '../core/experiment/published-grid.ts';
import type { Reproduction } from '../core/experiment/reproductions.ts';
import type { DefenseCell } from './reproduction-record.ts';
import type { TrainedModel } from './reproduction-runner.ts';
import { inColumns } from './reproduction-table.ts';

export interface MatrixRow {
  attack: Pick<Reproduction, 'id' | 'title' | 'config'>;
  /** One for each seed that was run. */
  models: TrainedModel[];
  /** By the id of the defense, one for each seed. */
  cells: Map<string, DefenseCell[]>;
}

/** A row for each attack and a column for each defense. */
export function matrixTable(rows: readonly MatrixRow[], defenses: readonly DefenseDefinition[]): string {
  return inColumns([
    ['attack', 'clean; ASR', ...defenses.map(({ title }) => title)],
    ...rows.map(({ attack, models, cells }) => [
      attack.title,
      [
        average(models.map(({ training }) => training.clean.value)),
        attack.config.attack?.enabled === false
          ? '-'
          : average(models.map(({ training }) => training.attackSuccess[0]?.value ?? null)),
      ].join('; '),
      ...defenses.map((definition) => cellWords(definition, cells.get(definition.id) ?? [])),
    ]),
  ]);
}

/** What tells most of a defense of its kind, a mean over seeds; `-` where it was not run or cannot work. */
export function cellWords({ kind, flags }: DefenseDefinition, cells: readonly DefenseCell[]): string {
  const ran = cells.filter(({ error }) => error === null);
  if (ran.length === 0) return '-';
  const metric = (name: string): string => average(ran.map(({ metrics }) => metrics[name] ?? null));
  if (kind === 'inspects_model') {
    const labels = [...new Set(ran.flatMap((cell) => cell.labels))].sort((a, b) => a - b);
    const named = flags === 'labels' && labels.length > 0 ? `, ${labels.join(' ')}` : '';
    return `${average(ran.map(({ score }) => score))}${named}`;
  }
  if (kind === 'guards_input') return metric('auroc');
  if (kind === 'filters_data') {
    const after = metric('attack_success_after');
    return after === '-' ? metric('auroc') : `${metric('auroc')}; ${after}`;
  }
  return `${metric('clean_accuracy_after')}; ${metric('attack_success_after')}`;
}

/** `0.98`, of those that were measured. */
function average(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '-';
  return (known.reduce((sum, value) => sum + value, 0) / known.length).toFixed(2);
}

/** The same with every figure, as the page of the defenses keeps and writes it. */
export function matrixOf(rows: readonly MatrixRow[], defenses: readonly DefenseDefinition[]): Matrix {
  return {
    title: 'Attacks and defenses on MNIST',
    attacks: rows.map(({ attack: { id, title } }) => ({ id, title })),
    defenses: defenses.map(({ id, title, kind }) => ({ id, title, kind })),
    cells: rows.flatMap(({ attack, cells }) =>
      [...cells.values()].flat().map((cell): MatrixCell => {
        const { defense, seed, verdict, score, flagged, metrics, seconds, control, error } = cell;
        return {
          attack: attack.id,
          defense,
          seed,
          verdict,
          score,
          flagged,
          metrics,
          seconds,
          control,
          error,
        };
      }),
    ),
  };
}

/** @param command that makes it again */
export function matrixPage(rows: readonly MatrixRow[], text: string, command: string): string {
  const cells = rows.flatMap((row) => [...row.cells.values()].flat());
  const days = [...new Set(cells.map(({ date }) => date))].sort();
  const refused = [...new Set(cells.flatMap(({ error }) => error?.what ?? []))];
  return `${[
    '<!-- Written by `lab reproduce matrix --doc`. Run it again, do not change this page by hand. -->',
    '# Attacks and defenses',
    `Every defense of the lab with its own defaults against every attack on MNIST: SimpleNet, trained from random weights as [reproduction.md](reproduction.md) says. Run on ${days.join(' to ')}.`,
    `\`\`\`sh\n${command}\n\`\`\``,
    [
      'With `--json FILE` every model and every cell is kept as soon as it is there, and a command that was stopped goes on where it was; `--table FILE` writes it as `.csv` with every figure, `.tex` or `.svg`. What a cell shows depends on the kind of the defense, a mean over seeds:',
      '',
      `- ${DEFENSE_KINDS.inspects_model}: the anomaly index, and the labels that were flagged (the backdoor is that of label 8).`,
      `- ${DEFENSE_KINDS.guards_input}: AUROC over 500 clean and 500 triggered inputs.`,
      `- ${DEFENSE_KINDS.filters_data}: AUROC over the training set, then ASR of the model that was trained again without what was flagged. Attacks that poison batches or losses leave the training set clean: there is nothing to find, and a dash.`,
      `- ${DEFENSE_KINDS.repairs_model} or ${DEFENSE_KINDS.changes_training.toLowerCase()}: clean accuracy and ASR after it.`,
      '',
      'ASR is measured on test inputs that the defender does not hold, whose class is not the backdoor label already. Of two backdoors the first is judged.',
    ].join('\n'),
    text,
    ...(refused.length > 0 ? [refused.map((why) => `- ${why}`).join('\n')] : []),
    '## Beside a published grid',
    `[${PUBLISHED_GRID_SOURCE.text}](${PUBLISHED_GRID_SOURCE.url}): CIFAR-10, PreActResNet-18, 100 epochs; clean accuracy; ASR, as fractions. Other data, another network and other budgets: for orientation.`,
    publishedTable(),
  ].join('\n\n')}\n`;
}

function publishedTable(): string {
  const share = (percent: number): string => (percent / 100).toFixed(2);
  return inColumns([
    ['attack', ...PUBLISHED_DEFENSES],
    ...PUBLISHED_GRID.map(({ attack, cells }) => [
      attack,
      ...cells.map(([clean, success]) => `${share(clean)}; ${share(success)}`),
    ]),
  ]);
}
