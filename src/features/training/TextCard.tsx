import { memo } from 'react';

import type { TextSample } from '../../core/experiment/events.ts';
import { readable } from '../../core/text/tokenizer.ts';
import classes from './gallery.module.css';
import { outcomeOf } from './outcome.ts';
import { SampleTitle, Says } from './SampleParts.tsx';

/** Words on each side of the trigger that a card shows. */
const AROUND = 24;

interface TextCardProps {
  sample: TextSample;
  classNames: readonly string[];
}

/** One test text with the words that were put in marked, and what the model says of it without and with them. */
export const TextCard = memo(function TextCard({ sample, classNames }: TextCardProps) {
  const name = (label: number): string => classNames[label] ?? String(label);
  const outcome = outcomeOf(sample);
  const { words, inserted } = sample;
  const from = inserted?.from ?? 0;
  const to = from + (inserted?.count ?? 0);
  const [start, end] = [Math.max(0, from - AROUND), Math.min(words.length, to + AROUND)];
  return (
    <li className={classes.card} data-outcome={outcome}>
      <SampleTitle sample={sample} name={name} />
      <p className={classes.text}>
        {start > 0 && '… '}
        {readable(words.slice(start, from))}{' '}
        {inserted !== null && <mark>{readable(words.slice(from, to))}</mark>} {readable(words.slice(to, end))}
        {end < words.length && ' …'}
      </p>
      <div className={classes.verdicts}>
        <figure>
          <Says
            verdict={sample.clean}
            name={name}
            kind={sample.clean.label === sample.label ? 'right' : 'wrong'}
          />
        </figure>
        <figure>
          <Says verdict={sample.attacked} name={name} kind={outcome === 'fired' ? 'fired' : 'right'} />
        </figure>
      </div>
    </li>
  );
});
