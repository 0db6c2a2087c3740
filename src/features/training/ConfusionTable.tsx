import { memo, type CSSProperties, type SyntheticEvent } from 'react';

import { meaningColor, type Meaning } from '../../ui/theme/colors.ts';
import { confusionCell, shade, type Confusion, type ConfusionCell } from './confusion.ts';
import classes from './confusion.module.css';

interface ConfusionTableProps {
  title: string;
  meaning: Meaning;
  matrix: Confusion;
  classNames: readonly string[];
  normalized: boolean;
  onCell: (cell: ConfusionCell | null) => void;
}

/** Strongest tint of a cell, in percent: words on it keep a contrast above 4.5, light and dark. */
const STRONGEST = 55;

/** A confusion matrix as a table with a count, or its percent of the row, in each cell. */
export const ConfusionTable = memo(function ConfusionTable(props: ConfusionTableProps) {
  const { title, meaning, matrix, classNames, normalized, onCell } = props;
  const pointAt = (event: SyntheticEvent): void => {
    const target = event.target;
    if (!(target instanceof HTMLTableCellElement)) return;
    const { row, column } = target.dataset;
    onCell(
      row === undefined || column === undefined ? null : confusionCell(matrix, Number(row), Number(column)),
    );
  };
  return (
    <table
      className={classes.matrix}
      style={{ '--heat': meaningColor(meaning) } as CSSProperties}
      onPointerOver={pointAt}
      onClick={pointAt}
      onPointerLeave={() => onCell(null)}
    >
      <caption className={classes.hiddenCaption}>
        {title}: rows are true classes, columns what they are read as
      </caption>
      <thead>
        <tr>
          <td />
          {matrix.map((_, column) => (
            <th scope="col" key={column} title={classNames[column]}>
              {shortName(classNames, column)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {matrix.map((counts, row) => (
          <tr key={row}>
            <th scope="row" title={classNames[row]}>
              {shortName(classNames, row)}
            </th>
            {counts.map((count, column) => {
              const { share } = confusionCell(matrix, row, column);
              return (
                <td
                  key={column}
                  data-row={row}
                  data-column={column}
                  data-diagonal={row === column || undefined}
                  data-none={count === 0 || undefined}
                  style={{ '--shade': `${(STRONGEST * shade(share)).toFixed(0)}%` } as CSSProperties}
                >
                  {normalized ? Math.round(100 * share) : count}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
});

function shortName(names: readonly string[], index: number): string {
  const name = names[index] ?? String(index);
  return name.length > 4 ? `${name.slice(0, 3)}…` : name;
}
