/** Means, spreads and quantiles of numbers. */

/** NaN of none. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at] ?? 0;
  return sum / values.length;
}

/** The standard deviation of a sample (divided by n - 1), as torch.std; 0 of fewer than two. */
export function sampleDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += ((values[at] ?? 0) - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * The median. Of an even number, `middle` is the mean of the two in the middle (NumPy), and `lower` the lower of them, as
 * torch.median has it. NaN of none.
 */
export function median(values: ArrayLike<number>, convention: 'middle' | 'lower' = 'middle'): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half] ?? NaN;
  const lower = sorted[half - 1] ?? NaN;
  return convention === 'lower' ? lower : (lower + (sorted[half] ?? NaN)) / 2;
}

/** The value below which a share of the numbers lies, between neighbours in proportion (NumPy's `linear`). NaN of none. */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return low + (high - low) * (place - Math.floor(place));
}
