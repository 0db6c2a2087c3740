/** Attacks against defenses: one cell for each pair, as plain values that are stored, compared and written out. */
import type { DefenseDefinition } from './defense.ts';
import type { DefenseResult, DefenseVerdict, Metrics } from './result.ts';

export interface MatrixAxis {
  id: string;
  title: string;
}

/** One defense on one attack. */
export interface MatrixCell {
  /** Ids of row and column. */
  attack: string;
  defense: string;
  seed: number;
  verdict: DefenseVerdict | null;
  score: number | null;
  /** How many labels, inputs, examples or units are flagged. */
  flagged: number;
  metrics: Metrics;
  seconds: number;
  control: { verdict: DefenseVerdict; score: number | null } | null;
  /** Why there is no result: the code and what happened; null where there is one. */
  error: { code: string; what: string } | null;
}

export interface Matrix {
  title: string;
  attacks: readonly MatrixAxis[];
  defenses: readonly (MatrixAxis & { kind: DefenseDefinition['kind'] })[];
  cells: readonly MatrixCell[];
}

/** The cell of a result. */
export function cellOf(attack: string, seed: number, result: DefenseResult): MatrixCell {
  const { id, verdict, score, flagged, metrics, seconds, control } = result;
  const count = flagged.length;
  return {
    attack,
    defense: id,
    seed,
    verdict,
    score,
    flagged: count,
    metrics,
    seconds,
    control,
    error: null,
  };
}

/** The cell of a defense that could not work on an attack. */
export function failedCell(
  attack: string,
  defense: string,
  seed: number,
  { code, what }: { code: string; what: string },
): MatrixCell {
  return {
    attack,
    defense,
    seed,
    verdict: null,
    score: null,
    flagged: 0,
    metrics: {},
    seconds: 0,
    control: null,
    error: { code, what },
  };
}

/** Cells of one pair, one for each seed. */
export function cellsAt({ cells }: Pick<Matrix, 'cells'>, attack: string, defense: string): MatrixCell[] {
  return cells.filter((cell) => cell.attack === attack && cell.defense === defense);
}

/** The same cells with one more; that of the same pair and seed gives way. */
export function withCell(cells: readonly MatrixCell[], cell: MatrixCell): MatrixCell[] {
  const same = (one: MatrixCell): boolean =>
    one.attack === cell.attack && one.defense === cell.defense && one.seed === cell.seed;
  return [...cells.filter((one) => !same(one)), cell];
}

/** What a place in the matrix says: a few words, and how far the defense held, from 0 to 1. */
export interface CellReading {
  text: string;
  /** 1 where the defense did all that it should; null where that cannot be told. */
  held: number | null;
}

/**
 * One place, over its seeds. Guards and filters: true positives at 1 % false ones. Repairs and changed training: attack success
 * before and after. Inspections: the index, and how many seeds found the backdoor. Means over the seeds that have a number.
 */
export function readingOf(cells: readonly MatrixCell[], kind: DefenseDefinition['kind']): CellReading {
  const done = cells.filter(({ error }) => error === null);
  const [first] = done;
  if (!first) return { text: cells[0]?.error ? cells[0].error.code : '', held: null };
  switch (kind) {
    case 'guards_input':
    case 'filters_data': {
      const rate = meanOf(done, ({ metrics }) => metrics['tpr_at_1_fpr'] ?? metrics['true_positive_rate']);
      return { text: rate === null ? (first.verdict ?? '') : percent(rate), held: rate };
    }
    case 'repairs_model':
    case 'changes_training': {
      const before = meanOf(done, ({ metrics }) => metrics['attack_success_before']);
      const after = meanOf(done, ({ metrics }) => metrics['attack_success_after']);
      if (after === null) return { text: first.verdict ?? '', held: null };
      return { text: `${before === null ? '' : `${percent(before)} → `}${percent(after)}`, held: 1 - after };
    }
    case 'inspects_model': {
      const found = done.filter(({ verdict }) => verdict === 'backdoored').length;
      const score = meanOf(done, (cell) => cell.score);
      const number = score === null ? '' : ` ${score.toFixed(1)}`;
      const word = found === 0 ? (first.verdict ?? '') : 'found';
      const share = done.length > 1 ? ` ${found}/${done.length}` : '';
      const told = done.some(({ verdict }) => verdict === 'backdoored' || verdict === 'clean');
      return { text: `${word}${share}${number}`, held: told ? found / done.length : null };
    }
  }
}

function meanOf(
  cells: readonly MatrixCell[],
  value: (cell: MatrixCell) => number | null | undefined,
): number | null {
  const numbers = cells.map(value).filter((one) => typeof one === 'number' && Number.isFinite(one));
  if (numbers.length === 0) return null;
  return numbers.reduce<number>((sum, one) => sum + (one ?? 0), 0) / numbers.length;
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
