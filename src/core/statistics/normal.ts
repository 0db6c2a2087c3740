/**
 * The value below which a share of the standard normal distribution lies: where 1/2 erfc(-x / sqrt 2) is the share, found by
 * bisection on a series of the error function.
 * @param share in (0, 1); 0 and 1 give infinities
 */
export function normalQuantile(share: number): number {
  if (share <= 0) return -Infinity;
  if (share >= 1) return Infinity;
  let [low, high] = [-10, 10];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The share of the standard normal distribution below a value: 1/2 + density(x) (x + x^3/3 + x^5/(3 5) + ...), which
 * converges everywhere (Marsaglia, Evaluating the Normal Distribution, 2004).
 */
export function normalShare(value: number): number {
  if (value < -8) return 0;
  if (value > 8) return 1;
  let [sum, term] = [value, value];
  for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
    term *= (value * value) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-value * value) / 2)) / Math.sqrt(2 * Math.PI);
}
