/** Axes along which rows vary by one, whatever they varied by before. */
import { dot, jacobi } from './principal.ts';

export interface Whitening {
  /** [dimensions] directions with a length of 1 / deviation along them. */
  axes: Float64Array[];
}

/** Directions with less than this share of the largest variance are taken to vary by so much. */
const FLOOR = 1e-3;

/** From rows whose mean is 0, or those of several groups with the mean of each taken off. */
export function whiteningOf(rows: readonly Float64Array[]): Whitening {
  const size = rows[0]?.length ?? 0;
  const covariance = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) {
    covariance.forEach((sums, i) => {
      for (let j = 0; j < size; j++) sums[j] = (sums[j] ?? 0) + ((row[i] ?? 0) * (row[j] ?? 0)) / rows.length;
    });
  }
  const { values, vectors } = jacobi(covariance);
  const floor = Math.max(FLOOR * Math.max(0, ...values), Number.MIN_VALUE);
  return {
    axes: Array.from(values, (value, at) =>
      Float64Array.from(vectors, (row) => (row[at] ?? 0) / Math.sqrt(Math.max(value, floor))),
    ),
  };
}

export function whitened({ axes }: Whitening, row: Float64Array): Float64Array {
  return Float64Array.from(axes, (axis) => dot(axis, row));
}
