/** What every sample shows, of images and of texts: its class, whether the backdoor fired, and what the model says. */
import type { SampleVerdict, Verdict } from '../../core/experiment/events.ts';
import { formatPercent } from './format.ts';
import classes from './gallery.module.css';
import { outcomeOf, type Outcome } from './outcome.ts';

const OUTCOMES: Record<Exclude<Outcome, 'already'>, string> = { fired: 'Fired', missed: 'Not fired' };

interface SampleTitleProps {
  sample: SampleVerdict;
  name: (label: number) => string;
}

export function SampleTitle({ sample, name }: SampleTitleProps) {
  const outcome = outcomeOf(sample);
  return (
    <div className={classes.cardTitle}>
      <span>
        true <b>{name(sample.label)}</b>
        {outcome !== 'already' && (
          <>
            , wanted <b>{name(sample.backdoorLabel)}</b>
          </>
        )}
      </span>
      <span className={classes.outcome}>
        {outcome === 'already' ? `Already ${name(sample.backdoorLabel)}` : OUTCOMES[outcome]}
      </span>
    </div>
  );
}

interface SaysProps {
  verdict: Verdict;
  name: (label: number) => string;
  kind: 'right' | 'wrong' | 'fired';
}

export function Says({ verdict, name, kind }: SaysProps) {
  return (
    <figcaption>
      <span data-kind={kind} className={classes.says}>
        → {name(verdict.label)}
      </span>
      <span className={classes.confidence}>{formatPercent(verdict.confidence)}</span>
    </figcaption>
  );
}
