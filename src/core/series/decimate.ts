/**
 * Which rows of long series to draw, so that about `points` remain and nothing that stands out is lost.
 *
 * The rows are cut into equal buckets, and of each bucket every column keeps the row of its least and of its greatest
 * value, and, where values are missing in only a part of it, the first missing row, so that a gap stays a gap. The
 * first and the last row are always kept. Values are picked, never averaged (smooth before, see `smooth`).
 *
 * All columns have one length, [rows]; the result is ascending row numbers without repeats: every row when there are at
 * most `points`, else at most `points` of them (half as many again with gaps in every bucket).
 */
export function decimate(columns: readonly ArrayLike<number>[], points: number): Uint32Array {
  const rows = columns[0]?.length ?? 0;
  if (columns.some((column) => column.length !== rows)) {
    throw new RangeError(
      `Columns of one table have one length, not ${columns.map((c) => c.length).join(', ')}.`,
    );
  }
  if (!Number.isInteger(points) || points < 2)
    throw new RangeError(`Cannot draw a series with ${points} points.`);
  if (rows <= points) return Uint32Array.from({ length: rows }, (_, row) => row);

  const buckets = Math.max(1, Math.floor((points - 2) / (2 * columns.length)));
  const kept = new Set<number>([0, rows - 1]);
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * rows) / buckets);
    const end = Math.floor(((bucket + 1) * rows) / buckets);
    for (const column of columns) keepExtremes(column, start, end, kept);
  }
  return Uint32Array.from(kept).sort();
}

function keepExtremes(column: ArrayLike<number>, start: number, end: number, kept: Set<number>): void {
  let least = -1;
  let greatest = -1;
  let missing = -1;
  let leastValue = Number.POSITIVE_INFINITY;
  let greatestValue = Number.NEGATIVE_INFINITY;
  for (let row = start; row < end; row++) {
    const value = column[row] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      if (missing < 0) missing = row;
      continue;
    }
    if (value < leastValue) {
      leastValue = value;
      least = row;
    }
    if (value > greatestValue) {
      greatestValue = value;
      greatest = row;
    }
  }
  if (least >= 0) kept.add(least);
  if (greatest >= 0) kept.add(greatest);
  if (missing >= 0) kept.add(missing);
}
