/**
 * The largest singular value of a matrix, by power iteration on the smaller of its two Gram matrices.
 * @param values [rows, columns] row-major
 * @returns at least 0
 */
export function spectralNorm(values: ArrayLike<number>, rows: number, columns: number): number {
  const wide = columns > rows;
  const side = Math.min(rows, columns);
  const length = Math.max(rows, columns);
  const at = (i: number, k: number): number => values[wide ? i * columns + k : k * columns + i] ?? 0;
  const gram = new Float64Array(side * side);
  for (let i = 0; i < side; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < length; k++) sum += at(i, k) * at(j, k);
      gram[i * side + j] = sum;
      gram[j * side + i] = sum;
    }
  }
  return Math.sqrt(largestEigenvalue(gram, side));
}

const STEPS = 1000;
const ENOUGH = 1e-12;

/** Of a positive semi-definite matrix [side, side]. It starts at the longest row, which no eigenvector of it can miss. */
function largestEigenvalue(matrix: Float64Array, side: number): number {
  const row = (i: number): Float64Array => matrix.subarray(i * side, (i + 1) * side);
  let vector = new Float64Array(side);
  let longest = 0;
  for (let i = 0; i < side; i++) {
    const size = row(i).reduce((sum, value) => sum + value * value, 0);
    if (size > longest) {
      longest = size;
      vector = row(i).slice();
    }
  }
  let value = 0;
  for (let step = 0; step < STEPS; step++) {
    const size = Math.hypot(...vector);
    if (size === 0) return 0;
    const unit = vector.map((entry) => entry / size);
    vector = Float64Array.from(unit, (_, i) =>
      row(i).reduce((sum, entry, j) => sum + entry * (unit[j] ?? 0), 0),
    );
    const next = vector.reduce((sum, entry, i) => sum + entry * (unit[i] ?? 0), 0);
    if (Math.abs(next - value) <= ENOUGH * next) return next;
    value = next;
  }
  return value;
}
