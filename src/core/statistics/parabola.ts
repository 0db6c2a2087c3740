/** y = a + b x + c x^2 */
export type Parabola = readonly [number, number, number];

/**
 * By least squares, from the normal equations; a line or a constant where there are too few distinct places for more.
 * @param points [count] of x and y
 */
export function fitParabola(points: readonly (readonly [number, number])[]): Parabola {
  const distinct = new Set(points.map(([x]) => x)).size;
  const terms = Math.max(1, Math.min(3, distinct));
  const rows = Array.from({ length: terms }, (_, i) => [
    ...Array.from({ length: terms }, (__, j) => points.reduce((sum, [x]) => sum + x ** (i + j), 0)),
    points.reduce((sum, [x, y]) => sum + y * x ** i, 0),
  ]);
  const found = solve(rows);
  return [found[0] ?? 0, found[1] ?? 0, found[2] ?? 0];
}

export function parabolaAt([a, b, c]: Parabola, x: number): number {
  return a + b * x + c * x * x;
}

/** Gauss and Jordan with pivots, on [n, n + 1]. */
function solve(rows: number[][]): number[] {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++) {
      if (Math.abs(rows[row]?.[column] ?? 0) > Math.abs(rows[pivot]?.[column] ?? 0)) pivot = row;
    }
    const [chosen, held] = [rows[pivot] ?? [], rows[column] ?? []];
    [rows[pivot], rows[column]] = [held, chosen];
    const lead = chosen[column] ?? 0;
    if (lead === 0) continue;
    for (const [at, row] of rows.entries()) {
      if (at === column) continue;
      const factor = (row[column] ?? 0) / lead;
      row.forEach((value, k) => (row[k] = value - factor * (chosen[k] ?? 0)));
    }
  }
  return rows.map((row, at) => {
    const lead = row[at] ?? 0;
    return lead === 0 ? 0 : (row[size] ?? 0) / lead;
  });
}
