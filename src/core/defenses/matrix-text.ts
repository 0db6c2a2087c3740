/** The matrix of attacks and defenses as CSV and LaTeX. */
import { csvLine } from '../formats/csv-write.ts';
import { cellsAt, type Matrix, readingOf } from './matrix.ts';

/** Metrics that have a column of their own; a repair has others than a guard. */
const COLUMNS = [
  'true_positive_rate',
  'false_positive_rate',
  'auroc',
  'tpr_at_1_fpr',
  'clean_accuracy_before',
  'clean_accuracy_after',
  'attack_success_before',
  'attack_success_after',
  'robust_accuracy_after',
  'defense_effectiveness',
] as const;

/** A line for each cell, with every figure at full precision; empty is not measured. */
export function matrixToCsv(matrix: Matrix): string {
  const head = csvLine([
    'attack',
    'defense',
    'seed',
    'verdict',
    'score',
    'flagged',
    ...COLUMNS,
    'seconds',
    'control_verdict',
    'control_score',
    'error',
  ]);
  const lines = inOrder(matrix).map((cell) =>
    csvLine([
      cell.attack,
      cell.defense,
      cell.seed,
      cell.verdict,
      cell.score,
      cell.error ? null : cell.flagged,
      ...COLUMNS.map((name) => cell.metrics[name] ?? null),
      cell.error ? null : cell.seconds,
      cell.control?.verdict ?? null,
      cell.control?.score ?? null,
      cell.error ? `${cell.error.code}: ${cell.error.what}` : null,
    ]),
  );
  return head + lines.join('');
}

/** A `tabular` with a row for each attack, for a document with no packages. */
export function matrixToLatex(matrix: Matrix): string {
  const { attacks, defenses, title } = matrix;
  const row = (cells: readonly string[]): string => `  ${cells.join(' & ')} \\\\`;
  return [
    `% ${title.replaceAll(/\s+/g, ' ')}`,
    '% Guards and filters: true positives at 1 % false ones. Repairs: attack success before and after.',
    `\\begin{tabular}{l${'r'.repeat(defenses.length)}}`,
    '  \\hline',
    row(['Attack', ...defenses.map((defense) => latex(defense.title))]),
    '  \\hline',
    ...attacks.map((attack) =>
      row([
        latex(attack.title),
        ...defenses.map(
          ({ id, kind }) => latex(readingOf(cellsAt(matrix, attack.id, id), kind).text) || '--',
        ),
      ]),
    ),
    '  \\hline',
    '\\end{tabular}',
    '',
  ].join('\n');
}

/** As the axes have them, so that two sweeps that filled the same cells give the same file. */
function inOrder({ attacks, defenses, cells }: Matrix): Matrix['cells'] {
  return attacks.flatMap((attack) =>
    defenses.flatMap((defense) =>
      cellsAt({ cells }, attack.id, defense.id).sort((one, other) => one.seed - other.seed),
    ),
  );
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '→': '$\\to$',
  '–': '--',
  '’': "'",
};

/** Text with what LaTeX reads as commands written as itself. */
export function latex(text: string): string {
  return text.replaceAll(/[\\{}$&#%_~^→–’]/g, (mark) => LATEX[mark] ?? `\\${mark}`);
}
