import { memo } from 'react';

import type { TextSample } from '../../core/experiment/events.ts';
import { MarkedText } from '../../ui/MarkedText.tsx';
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
  return (
    <li className={classes.card} data-outcome={outcome}>
      <SampleTitle sample={sample} name={name} />
      <MarkedText words={sample.words} inserted={sample.inserted} around={AROUND} />
      <div className={classes.verdicts}>
        <figure>
          <span className={classes.confidence}>without</span>
          <Says
            verdict={sample.clean}
            name={name}
            kind={sample.clean.label === sample.label ? 'right' : 'wrong'}
          />
        </figure>
        <figure>
          <span className={classes.confidence}>with the trigger</span>
          <Says verdict={sample.attacked} name={name} kind={outcome === 'fired' ? 'fired' : 'right'} />
        </figure>
      </div>
    </li>
  );
});
