/**
 * The plane on which updates differ most (principal components), from their inner products alone: they may be millions of
 * numbers long.
 * @param gram [n][n]
 * @returns where each lies; of the two directions each has its largest place positive
 */
export function planeOf(gram: readonly (readonly number[])[]): [number, number][] {
  const count = gram.length;
  const means = gram.map((row) => row.reduce((sum, value) => sum + value, 0) / count);
  const all = means.reduce((sum, value) => sum + value, 0) / count;
  const centred = gram.map((row, i) =>
    row.map((value, j) => value - (means[i] ?? 0) - (means[j] ?? 0) + all),
  );
  const first = leading(centred);
  const second = leading(
    centred.map((row, i) => row.map((value, j) => value - (first[i] ?? 0) * (first[j] ?? 0))),
  );
  return gram.map((_, i) => [first[i] ?? 0, second[i] ?? 0]);
}

/** The leading eigenvector of a symmetric matrix times the root of its eigenvalue, by power iteration. */
function leading(matrix: readonly (readonly number[])[]): number[] {
  const count = matrix.length;
  const trace = matrix.reduce((sum, row, i) => sum + (row[i] ?? 0), 0);
  if (!(trace > 0)) return new Array<number>(count).fill(0);
  // From the longest row, which is never at right angles to the leading direction of such a matrix.
  let vector = [...matrix].sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? [];
  let value = 0;
  for (let iteration = 0; iteration < 300; iteration++) {
    const length = lengthOf(vector);
    if (length === 0) return new Array<number>(count).fill(0);
    const unit = vector.map((entry) => entry / length);
    vector = matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * (unit[j] ?? 0), 0));
    const next = lengthOf(vector);
    const settled = Math.abs(next - value) <= 1e-12 * next;
    value = next;
    if (settled) break;
  }
  if (!(value > 1e-12 * trace)) return new Array<number>(count).fill(0);
  const largest = vector.reduce((best, entry) => (Math.abs(entry) > Math.abs(best) ? entry : best), 0);
  const factor = (Math.sign(largest) || 1) / Math.sqrt(value);
  return vector.map((entry) => entry * factor);
}

const lengthOf = (vector: readonly number[]): number =>
  Math.sqrt(vector.reduce((sum, entry) => sum + entry ** 2, 0));
