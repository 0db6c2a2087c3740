import type { RoundRecord } from '../../core/experiment/round.ts';
import { formatMeasure, formatPercent } from '../training/format.ts';
import classes from './federated.module.css';
import { histogramWords } from './Histogram.tsx';
import { STATE_WORDS, viewOfRecord } from './round-view.ts';

interface RoundTableProps {
  record: RoundRecord;
  classNames: readonly string[];
}

const measure = (value: number | null | undefined): string => (value == null ? '–' : formatMeasure(value));

/** Every figure of a round, a row for each client. */
export function RoundTable({ record, classNames }: RoundTableProps) {
  return (
    <div
      className={classes.scroll}
      tabIndex={0}
      role="region"
      aria-label={`Clients of round ${record.round} as a table`}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            {[
              'Client',
              'Role',
              'State',
              'Loss',
              'Length',
              'Cosine',
              'Share',
              'Scale',
              'Clean',
              'Attack',
              'Steps',
              'Examples',
            ].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {viewOfRecord(record).clients.map(({ client, attacking, state, histogram, record: one }) => (
            <tr key={client}>
              <th scope="row">{client}</th>
              <td>{attacking ? '▲ attacks' : 'honest'}</td>
              <td title={one?.why ?? undefined}>{STATE_WORDS[state]}</td>
              <td>{measure(one?.losses.normal)}</td>
              <td>{measure(one?.norm)}</td>
              <td>{measure(one?.cosine)}</td>
              <td>{formatPercent(one?.share ?? null)}</td>
              <td>{measure(one?.scale)}</td>
              <td>{formatPercent(one?.clean.value ?? null)}</td>
              <td>{formatPercent(one?.triggered.value ?? null)}</td>
              <td>{one?.steps}</td>
              <td>{histogramWords(histogram, classNames)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
