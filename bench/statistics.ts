/** Order statistics of timings: they stay true when other programs on the machine disturb a few of the samples. */

/** The value below which a fraction `q` (0 to 1) of the values lies, interpolated between neighbours; NaN for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? NaN;
  const above = sorted[Math.ceil(position)] ?? NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export interface Summary {
  /** Median, in the unit of the samples. */
  median: number;
  /** Interquartile range over the median: 0 for samples that are all alike. */
  spread: number;
  samples: number;
}

/** @returns NaN as median and spread when there is no sample */
export function summarize(values: readonly number[]): Summary {
  const median = quantile(values, 0.5);
  const spread = (quantile(values, 0.75) - quantile(values, 0.25)) / median;
  return { median, spread, samples: values.length };
}
