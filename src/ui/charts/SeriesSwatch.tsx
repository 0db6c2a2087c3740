import type { ChartSeries } from './chartSource.ts';

/** A short piece of the line, so that a name can be matched to it by dash as well as by colour. */
export function SeriesSwatch({ series, filled = false }: { series: ChartSeries; filled?: boolean }) {
  return (
    <svg width="16" height="10" aria-hidden="true" focusable="false">
      {filled ? (
        <rect x="2" y="0" width="12" height="10" rx="2" fill={series.color} />
      ) : series.marksOf !== undefined ? (
        <circle cx="8" cy="5" r="3.5" fill="none" stroke={series.color} strokeWidth="2" />
      ) : (
        <line
          x1="0"
          x2="16"
          y1="5"
          y2="5"
          stroke={series.color}
          strokeWidth="2.5"
          {...(series.dash === undefined ? {} : { strokeDasharray: series.dash })}
        />
      )}
    </svg>
  );
}
