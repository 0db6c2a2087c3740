/**
 * The weight of the first of two gradients in their shortest convex combination, from their inner products
 * (Sener and Koltun, Multi-task learning as multi-objective optimization, NeurIPS 2018, section 3.2).
 */
export function minimumNormShare(first: number, second: number, both: number): number {
  if (both >= first) return 0.999;
  if (both >= second) return 0.001;
  return (second - both) / (first + second - 2 * both);
}
