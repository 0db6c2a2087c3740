/** Figures of a confusion matrix: [classes][classes] counts, rows the true class, columns the predicted one. */
export type Confusion = readonly (readonly number[])[];

export interface ConfusionPlace {
  row: number;
  column: number;
}

export interface ConfusionCell extends ConfusionPlace {
  count: number;
  /** Examples of the true class. */
  rowTotal: number;
  /** count / rowTotal; 0 for an empty row. */
  share: number;
}

/** One cell with its share of the row; a RangeError outside the matrix. */
export function confusionCell(matrix: Confusion, row: number, column: number): ConfusionCell {
  const counts = matrix[row];
  const count = counts?.[column];
  if (counts === undefined || count === undefined) {
    throw new RangeError(`No cell (${row}, ${column}) in a matrix of ${matrix.length} classes.`);
  }
  const rowTotal = counts.reduce((sum, value) => sum + value, 0);
  return { row, column, count, rowTotal, share: rowTotal === 0 ? 0 : count / rowTotal };
}

/** The most frequent mistakes (off the diagonal), most frequent first; ties in reading order. */
export function largestConfusions(matrix: Confusion, limit: number): ConfusionCell[] {
  const cells: ConfusionCell[] = [];
  matrix.forEach((counts, row) => {
    const rowTotal = counts.reduce((sum, value) => sum + value, 0);
    counts.forEach((count, column) => {
      if (row === column || count === 0) return;
      cells.push({ row, column, count, rowTotal, share: count / rowTotal });
    });
  });
  return cells.sort((a, b) => b.count - a.count).slice(0, limit);
}

/** How dark a cell is, 0 to 1: the square root of its share of the row, so that a few mistakes among many show. */
export function shade(share: number): number {
  return Math.sqrt(Math.min(1, Math.max(0, share)));
}

/** A cell in words: `True 7, read as 8: 45 of 52 (86.5 %)`. */
export function describeCell(cell: ConfusionCell, classes: readonly string[]): string {
  const name = (index: number): string => classes[index] ?? String(index);
  const percent = (100 * cell.share).toFixed(1);
  return `True ${name(cell.row)}, read as ${name(cell.column)}: ${cell.count} of ${cell.rowTotal} (${percent} %)`;
}
