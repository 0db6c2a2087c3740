/** What MGDA divides each task's gradient by before it seeks the balance: Backdoors 101's `mgda_normalize`. */

export type MgdaNormalization = 'none' | 'eq' | 'l2' | 'loss' | 'loss+';

/** Losses and products above this no longer count (Backdoors 101 caps both). */
const CAP = 10;

/** Added to every divisor, as Backdoors 101 does. */
const EPSILON = 1e-5;

/**
 * The divisor of one task's gradient, always above 0.
 * @param loss the task's mean loss
 * @param gradientNorm L2 norm over all parameters
 */
export function gradientDivisor(kind: MgdaNormalization, loss: number, gradientNorm: number): number {
  switch (kind) {
    case 'none':
    case 'eq':
      return 1 + EPSILON;
    case 'l2':
      return gradientNorm + EPSILON;
    case 'loss':
      return Math.min(loss, CAP) + EPSILON;
    case 'loss+':
      return Math.min(loss * gradientNorm, CAP) + EPSILON;
  }
}

/** Divides a Gram matrix of gradients as if each gradient had been divided by its divisor. */
export function normalizeGram(gram: readonly (readonly number[])[], divisors: readonly number[]): number[][] {
  return gram.map((row, i) => row.map((value, j) => value / ((divisors[i] ?? 1) * (divisors[j] ?? 1))));
}
