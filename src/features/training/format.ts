/** Fractions and measures as this page writes them. */

/** A fraction as percent with one decimal, `98.6 %`; never all or none by rounding alone: `99.97 %`, `< 0.1 %`. `–` for what was not measured. */
export function formatPercent(fraction: number | null): string {
  if (fraction === null) return '–';
  const percent = 100 * fraction;
  if (percent > 0 && percent < 0.05) return '< 0.1 %';
  if (percent >= 99.95 && percent < 100) return percent < 99.995 ? `${percent.toFixed(2)} %` : '> 99.99 %';
  return `${percent.toFixed(1)} %`;
}

/** A fraction on an axis: `50 %`, with a space that does not break. */
export function formatPercentTick(fraction: number): string {
  return `${Math.round(100 * fraction)}\u00a0%`;
}

/** A measure with three significant digits: `0.0312`, `2.3`, `1.4e-7`. */
export function formatMeasure(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2).replace('e+', 'e');
  return size >= 100 ? value.toFixed(1) : value.toPrecision(3);
}
