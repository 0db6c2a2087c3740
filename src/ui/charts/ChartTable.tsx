import type { ChartColumns, ChartSeries } from './chartSource.ts';
import classes from './charts.module.css';
import { everyNth } from './everyNth.ts';

interface ChartTableProps {
  title: string;
  table: ChartColumns;
  series: readonly ChartSeries[];
  xLabel: string;
  format: (value: number) => string;
  height: number;
}

/** Rows shown at most: enough to follow the course by eye or ear. */
const ROWS = 40;

/** The measured values behind a chart, newest first. */
export function ChartTable({ title, table, series, xLabel, format, height }: ChartTableProps) {
  const rows = everyNth(table.x.length, ROWS).reverse();
  return (
    <div
      className={classes.tableFrame}
      style={{ height }}
      tabIndex={0}
      role="group"
      aria-label={`${title}, values`}
    >
      <table className={classes.table}>
        <caption>
          {rows.length === table.x.length
            ? `${title}: all ${rows.length} measured values`
            : `${title}: ${rows.length} of ${table.x.length} measured values; the CSV has all`}
        </caption>
        <thead>
          <tr>
            <th scope="col">{xLabel}</th>
            {series.map((one) => (
              <th scope="col" key={one.key}>
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row">{table.x[row]}</th>
              {series.map((one, i) => {
                const value = table.columns[i]?.[row] ?? Number.NaN;
                return <td key={one.key}>{Number.isFinite(value) ? format(value) : '–'}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
