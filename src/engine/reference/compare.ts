/**
 * Relative errors against reference figures. An array is measured as a whole: its largest absolute difference over the
 * reference's largest magnitude, so that an entry near zero does not count as a large error.
 */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  // Nothing compared is nothing shown.
  if (actual.length !== expected.length || expected.length === 0) return Infinity;
  let difference = 0;
  let magnitude = 0;
  for (let index = 0; index < expected.length; index++) {
    const reference = expected[index] ?? 0;
    const distance = Math.abs((actual[index] ?? 0) - reference);
    // A NaN is never close to anything.
    difference = Number.isNaN(distance) ? Infinity : Math.max(difference, distance);
    magnitude = Math.max(magnitude, Math.abs(reference));
  }
  if (difference === 0) return 0;
  return magnitude === 0 ? difference : difference / magnitude;
}

/** One line of a verification: what was compared, and how far it was off. */
export interface Comparison {
  name: string;
  error: number;
  /** What it may be off by, where the usual tolerance does not fit. */
  tolerance?: number;
}

export function compared(name: string, actual: ArrayLike<number>, expected: ArrayLike<number>): Comparison {
  return { name, error: relativeError(actual, expected) };
}

/** L2 norm, summed in float64. */
export function norm(values: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += (values[index] ?? 0) ** 2;
  return Math.sqrt(sum);
}
