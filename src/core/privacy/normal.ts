/** The normal distribution, exact to about 14 digits in both tails. */

/** Chance that a draw of mean 0 and deviation 1 is at most x. */
export function normalCdf(x: number): number {
  return x < 0 ? upperTail(-x) : 1 - upperTail(x);
}

/** Chance that it is above x, for x of at least 0. */
function upperTail(x: number): number {
  if (x > 38) return 0;
  const density = Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) {
    // 1/2 minus the series density * (x + x^3/3 + x^5/15 + ...).
    let [term, sum] = [x, x];
    for (let n = 3; Math.abs(term) > 1e-18 * Math.abs(sum); n += 2) {
      term *= (x * x) / n;
      sum += term;
    }
    return 0.5 - density * sum;
  }
  // Laplace’s continued fraction density / (x + 1/(x + 2/(x + ...))), from far within.
  let fraction = x;
  for (let level = 30 + Math.ceil(300 / (x * x)); level >= 1; level--) fraction = x + level / fraction;
  return density / fraction;
}
