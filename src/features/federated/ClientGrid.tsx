import { VisuallyHidden } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { formatMeasure, formatPercent } from '../training/format.ts';
import classes from './federated.module.css';
import { Histogram } from './Histogram.tsx';
import { type ClientView, STATE_WORDS } from './round-view.ts';

/** More than these are shown as tiles instead of cards. */
const MOST_CARDS = 24;

interface ClientGridProps {
  clients: readonly ClientView[];
  /** Number of the client that is looked at. */
  chosen: number | null;
  onChoose: (client: number) => void;
}

/** The clients of a round; one stop of the Tab key, and arrow keys from one to the next. */
export function ClientGrid({ clients, chosen, onChoose }: ClientGridProps) {
  const list = useRef<HTMLUListElement>(null);
  const many = clients.length > MOST_CARDS;
  const here = Math.max(
    0,
    clients.findIndex(({ client }) => client === chosen),
  );
  const walk = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowRight: here + 1,
      ArrowDown: here + 1,
      ArrowLeft: here - 1,
      ArrowUp: here - 1,
      Home: 0,
      End: clients.length - 1,
    };
    const to = steps[event.key];
    const next = to === undefined ? undefined : clients[to];
    if (to === undefined || !next) return;
    event.preventDefault();
    onChoose(next.client);
    list.current?.querySelectorAll('button')[to]?.focus();
  };
  return (
    <ul ref={list} className={classes.grid} data-many={many || undefined} aria-label="Clients of the round">
      {clients.map((one, index) => (
        <li key={one.client}>
          <button
            type="button"
            className={classes.client}
            data-attacking={one.attacking || undefined}
            data-state={one.state}
            data-absent={['dropped', 'late', 'failed', 'refused'].includes(one.state) || undefined}
            aria-pressed={one.client === chosen}
            tabIndex={index === here ? 0 : -1}
            onClick={() => onChoose(one.client)}
            onKeyDown={walk}
          >
            <span className={classes.name}>
              <span>
                <VisuallyHidden>Client </VisuallyHidden>
                {one.client}
                {one.attacking && (
                  <span className={classes.attacker}>
                    {' ▲'}
                    <VisuallyHidden> attacks</VisuallyHidden>
                  </span>
                )}
              </span>
              {!many && <span className={classes.state}>{STATE_WORDS[one.state]}</span>}
            </span>
            <Histogram counts={one.histogram} />
            {many ? <span className={classes.state}>{STATE_WORDS[one.state]}</span> : <Figures {...one} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Figures({ record }: ClientView) {
  const loss = record?.losses.normal;
  return (
    <>
      <span>
        loss {loss === undefined ? '–' : formatMeasure(loss)}, length{' '}
        {record?.norm == null ? '–' : formatMeasure(record.norm)}
      </span>
      <span>share {formatPercent(record?.share ?? null)}</span>
      <span>
        clean {formatPercent(record?.clean.value ?? null)}, attack{' '}
        {formatPercent(record?.triggered.value ?? null)}
      </span>
    </>
  );
}
