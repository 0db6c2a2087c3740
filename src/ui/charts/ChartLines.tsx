import type { ChartSeries } from './chartSource.ts';
import { linePath, stackPaths, type Scales } from './geometry.ts';
import { rawKey, type PlotRow } from './plot.ts';

interface ChartLinesProps {
  rows: readonly PlotRow[];
  series: readonly ChartSeries[];
  kind: 'lines' | 'stacked';
  smoothed: boolean;
  scales: Scales;
}

/** What is measured, as SVG: faint lines below bold ones and rings on top, or layers. */
export function ChartLines({ rows, series, kind, smoothed, scales }: ChartLinesProps) {
  if (kind === 'stacked') {
    const paths = stackPaths(
      rows,
      series.map((one) => one.key),
      scales,
    );
    return series.map((one, i) => (
      <path
        key={one.key}
        d={paths[i]}
        fill={one.color}
        fillOpacity={0.75}
        stroke={one.color}
        strokeWidth={1}
      />
    ));
  }
  const lines = series.filter((one) => one.marksOf === undefined);
  return (
    <>
      {smoothed &&
        lines.map((one) => (
          <path
            key={rawKey(one.key)}
            d={linePath(rows, rawKey(one.key), scales)}
            fill="none"
            stroke={one.color}
            strokeOpacity={0.3}
            strokeWidth={1}
          />
        ))}
      {lines.map((one) => (
        <path
          key={one.key}
          d={linePath(rows, one.key, scales)}
          fill="none"
          stroke={one.color}
          strokeWidth={rows.length === 1 ? 6 : 2}
          strokeLinejoin="round"
          strokeLinecap={one.dash === undefined || rows.length === 1 ? 'round' : 'butt'}
          {...(one.dash === undefined ? {} : { strokeDasharray: one.dash })}
        />
      ))}
      {series
        .filter((one) => one.marksOf !== undefined)
        .flatMap((one) =>
          rows.map((row) =>
            typeof row[one.key] === 'number' ? (
              <circle
                key={`${one.key} ${row.x}`}
                cx={scales.x(row.x ?? 0)}
                cy={scales.y(row[one.key] ?? 0)}
                r={4}
                fill="var(--mantine-color-body)"
                stroke={one.color}
                strokeWidth={2}
              />
            ) : null,
          ),
        )}
    </>
  );
}
