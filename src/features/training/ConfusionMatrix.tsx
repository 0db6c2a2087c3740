import { Switch, Text } from '@mantine/core';
import { memo, useState } from 'react';

import type { Evaluation } from '../../core/experiment/events.ts';
import type { Meaning } from '../../ui/theme/colors.ts';
import {
  confusionCell,
  describeCell,
  largestConfusions,
  type Confusion,
  type ConfusionPlace,
} from './confusion.ts';
import classes from './confusion.module.css';
import { ConfusionHeat } from './ConfusionHeat.tsx';
import { ConfusionTable } from './ConfusionTable.tsx';
import { InspectCard } from './InspectCard.tsx';

interface ConfusionMatrixProps {
  /** The newest evaluation; null before the first. */
  evaluation: Pick<Evaluation, 'confusionClean' | 'confusionTriggered' | 'classes'> | null;
}

/** Up to so many classes every count fits into its cell; above, the matrix is a picture to walk through. */
const TABLE_CLASSES = 12;

const PANELS = [
  { title: 'Clean', meaning: 'clean', matrixOf: 'confusionClean' },
  { title: 'Triggered', meaning: 'backdoor', matrixOf: 'confusionTriggered' },
] as const;

const NO_CLASSES: readonly string[] = [];

/** What the network takes for what: clean inputs and triggered ones, beside each other. */
export const ConfusionMatrix = memo(function ConfusionMatrix({ evaluation }: ConfusionMatrixProps) {
  const classNames = evaluation?.classes ?? NO_CLASSES;
  const [normalized, setNormalized] = useState(false);
  return (
    <InspectCard
      title="Confusion matrix"
      description="Row: true class. Column: read as. Stronger colour: a larger share of the row."
      tools={
        evaluation !== null &&
        classNames.length <= TABLE_CLASSES && (
          <Switch
            label="Percent of row"
            checked={normalized}
            onChange={(event) => setNormalized(event.currentTarget.checked)}
          />
        )
      }
    >
      {evaluation === null ? (
        <Text size="sm" c="dimmed" py="xl" ta="center">
          Two matrices appear with the first evaluation: one of clean inputs, one of triggered ones.
        </Text>
      ) : evaluation.confusionClean.length === 0 ? (
        <Text size="sm" c="dimmed" py="xl" ta="center">
          {classNames.length.toLocaleString('en')} classes are too many for a matrix; they are counted in the
          figures above.
        </Text>
      ) : (
        <div className={classes.panels}>
          {PANELS.map(({ title, meaning, matrixOf }) => (
            <Panel
              key={`${title} ${evaluation[matrixOf].length}`}
              {...{ title, meaning, classNames, normalized }}
              matrix={evaluation[matrixOf]}
            />
          ))}
        </div>
      )}
    </InspectCard>
  );
});

interface PanelProps {
  title: string;
  meaning: Meaning;
  matrix: Confusion;
  classNames: readonly string[];
  normalized: boolean;
}

function Panel({ title, meaning, matrix, classNames, normalized }: PanelProps) {
  const [place, setPlace] = useState<ConfusionPlace | null>(null);
  const isSmall = matrix.length <= TABLE_CLASSES;
  const common = { title: `${title} inputs`, meaning, matrix, classNames, onPlace: setPlace };
  return (
    <div className={classes.panel}>
      <Text size="xs" fw={600}>
        {title} inputs
      </Text>
      {isSmall ? <ConfusionTable {...common} normalized={normalized} /> : <ConfusionHeat {...common} />}
      <Text size="xs" c="dimmed" className={classes.readout} aria-live={isSmall ? 'off' : 'polite'}>
        {place !== null
          ? describeCell(confusionCell(matrix, place.row, place.column), classNames)
          : isSmall
            ? 'Point at a cell for its share.'
            : 'Point at a cell, or focus the matrix and use the arrow keys.'}
      </Text>
      {!isSmall && <Mistakes matrix={matrix} classNames={classNames} title={title} />}
    </div>
  );
}

function Mistakes({ matrix, classNames, title }: Pick<PanelProps, 'matrix' | 'classNames' | 'title'>) {
  const cells = largestConfusions(matrix, 6);
  if (cells.length === 0) return <Text size="xs">No mistakes.</Text>;
  return (
    <table className={classes.mistakes}>
      <caption>Most frequent mistakes, {title.toLowerCase()} inputs</caption>
      <thead>
        <tr>
          <th scope="col">True</th>
          <th scope="col">Read as</th>
          <th scope="col">Count</th>
        </tr>
      </thead>
      <tbody>
        {cells.map((cell) => (
          <tr key={`${cell.row} ${cell.column}`}>
            <td>{classNames[cell.row] ?? cell.row}</td>
            <td>{classNames[cell.column] ?? cell.column}</td>
            <td>
              {cell.count} of {cell.rowTotal}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
