import classes from './bench.module.css';

/** Rows shown at most. */
const MOST = 200;

interface ValueTableProps {
  title: string;
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

/** The figures behind a chart, folded away. */
export function ValueTable({ title, columns, rows }: ValueTableProps) {
  return (
    <details className={classes.details}>
      <summary>As a table</summary>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={`${title}, as a table`}>
        <table className={classes.table}>
          <thead>
            <tr>
              {columns.map((column, at) => (
                <th key={at} scope="col">
                  {column || 'Name'}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST).map((row, at) => (
              <tr key={at}>
                {row.map((value, column) =>
                  column === 0 ? (
                    <th key={column} scope="row">
                      {value}
                    </th>
                  ) : (
                    <td key={column}>{value}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
