import type { Random } from '../rng/random.ts';

/**
 * One draw from the symmetric Dirichlet distribution: shares in [0, 1] that add up to 1.
 * @param alpha concentration, above 0: small ones give nearly everything to few, large ones the same to all
 */
export function dirichlet(count: number, alpha: number, random: Random): number[] {
  const draws = Array.from({ length: count }, () => logGamma(alpha, random));
  const highest = Math.max(...draws);
  const parts = draws.map((draw) => Math.exp(draw - highest));
  const all = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => part / all);
}

/**
 * The logarithm of a draw from the gamma distribution of scale 1 (Marsaglia and Tsang, A Simple Method for Generating
 * Gamma Variables, 2000): small shapes give numbers that are too small for a double.
 */
function logGamma(shape: number, random: Random): number {
  if (shape < 1) return logGamma(shape + 1, random) + Math.log(1 - random.next()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const root = 1 + c * normal;
    if (root <= 0) continue;
    const v = root ** 3;
    if (Math.log(1 - random.next()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}
