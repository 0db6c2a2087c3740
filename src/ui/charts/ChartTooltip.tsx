import type { ChartSeries } from './chartSource.ts';
import classes from './charts.module.css';
import { rawKey, type PlotRow } from './plot.ts';
import { SeriesSwatch } from './SeriesSwatch.tsx';

interface ChartTooltipProps {
  row: PlotRow;
  series: readonly ChartSeries[];
  smoothed: boolean;
  xLabel: string;
  format: (value: number) => string;
}

/** The values under the pointer: of each series the smoothed one, and the measured one beside it. */
export function ChartTooltip({ row, series, smoothed, xLabel, format }: ChartTooltipProps) {
  const shown = series.filter((one) => typeof row[one.key] === 'number');
  return (
    <div className={classes.tooltip}>
      <div className={classes.tooltipTitle}>
        {xLabel} {row.x}
      </div>
      <table className={classes.tooltipTable}>
        {smoothed && (
          <thead>
            <tr>
              <td />
              <th>smoothed</th>
              <th>measured</th>
            </tr>
          </thead>
        )}
        <tbody>
          {shown.map((one) => (
            <tr key={one.key}>
              <th scope="row">
                <SeriesSwatch series={one} /> {one.label}
              </th>
              <td>{write(row[one.key], format)}</td>
              {smoothed && <td className={classes.quiet}>{write(row[rawKey(one.key)], format)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function write(value: number | null | undefined, format: (value: number) => string): string {
  return typeof value === 'number' ? format(value) : '';
}
