import { memo, type CSSProperties, type SyntheticEvent } from 'react';

import { meaningColor, type Meaning } from '../../ui/theme/colors.ts';
import { confusionCell, shade, type Confusion, type ConfusionPlace } from './confusion.ts';
import classes from './confusion.module.css';

interface ConfusionTableProps {
  title: string;
  meaning: Meaning;
  matrix: Confusion;
  classNames: readonly string[];
  normalized: boolean;
  onPlace: (place: ConfusionPlace | null) => void;
}

/** Strongest tint of a cell, in percent: words on it keep a contrast above 4.5, light and dark. */
const STRONGEST = 55;

/** A confusion matrix as a table with a count, or its percent of the row, in each cell. */
export const ConfusionTable = memo(function ConfusionTable(props: ConfusionTableProps) {
  const { title, meaning, matrix, classNames, normalized, onPlace } = props;
  const pointAt = (event: SyntheticEvent): void => {
    const target = event.target;
    if (!(target instanceof HTMLTableCellElement)) return;
    const { row, column } = target.dataset;
    onPlace(row === undefined || column === undefined ? null : { row: Number(row), column: Number(column) });
  };
  return (
    <table
      className={classes.matrix}
      style={{ '--heat': meaningColor(meaning) } as CSSProperties}
      onPointerOver={pointAt}
      onClick={pointAt}
      onPointerLeave={() => onPlace(null)}
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
