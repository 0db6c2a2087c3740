/** Fractions and measures as this page writes them. */

/** A fraction as percent with one decimal: `98.6 %`. */
export function formatPercent(fraction: number): string {
  return `${(100 * fraction).toFixed(1)} %`;
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
