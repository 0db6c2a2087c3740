import { memo, useMemo } from 'react';

import type { ImageShape } from '../../core/datasets/dataset.ts';
import type { SampleVerdict, Verdict } from '../../core/experiment/events.ts';
import { difference } from './difference.ts';
import { formatPercent } from './format.ts';
import classes from './gallery.module.css';
import { outcomeOf, type Outcome } from './outcome.ts';
import { PixelImage } from './PixelImage.tsx';

interface SampleCardProps {
  sample: SampleVerdict;
  shape: ImageShape;
  classNames: readonly string[];
}

const OUTCOMES: Record<Exclude<Outcome, 'already'>, string> = { fired: 'Fired', missed: 'Not fired' };

const GAIN_HELP =
  'The change is made this many times as strong in the picture, so that the greatest change just reaches black or white.';

/** One test image: as it is, triggered, and what changed, each with what the model says of it. */
export const SampleCard = memo(function SampleCard({ sample, shape, classNames }: SampleCardProps) {
  const name = (label: number): string => classNames[label] ?? String(label);
  const outcome = outcomeOf(sample);
  const change = useMemo(
    () => difference(sample.original, sample.triggered, shape.channels),
    [sample.original, sample.triggered, shape.channels],
  );
  return (
    <li className={classes.card} data-outcome={outcome}>
      <div className={classes.cardTitle}>
        <span>
          true <b>{name(sample.label)}</b>
        </span>
        <span className={classes.outcome}>
          {outcome === 'already' ? `Already ${name(sample.backdoorLabel)}` : OUTCOMES[outcome]}
        </span>
      </div>
      <div className={classes.images}>
        <figure>
          <PixelImage
            pixels={sample.original}
            shape={shape}
            label={`Test image ${sample.index}, a ${name(sample.label)}`}
          />
          <Says
            verdict={sample.clean}
            name={name}
            kind={sample.clean.label === sample.label ? 'right' : 'wrong'}
          />
        </figure>
        <figure>
          <PixelImage pixels={sample.triggered} shape={shape} label={`The same image with the trigger`} />
          <Says verdict={sample.attacked} name={name} kind={outcome === 'fired' ? 'fired' : 'right'} />
        </figure>
        <figure>
          <PixelImage pixels={change.pixels} shape={shape} label={`The change: ${change.changed} pixels`} />
          <figcaption>
            change
            <span className={classes.confidence} title={GAIN_HELP}>
              drawn × {change.gain.toPrecision(2)}
            </span>
          </figcaption>
        </figure>
      </div>
    </li>
  );
});

interface SaysProps {
  verdict: Verdict;
  name: (label: number) => string;
  kind: 'right' | 'wrong' | 'fired';
}

function Says({ verdict, name, kind }: SaysProps) {
  return (
    <figcaption>
      <span data-kind={kind} className={classes.says}>
        → {name(verdict.label)}
      </span>
      <span className={classes.confidence}>{formatPercent(verdict.confidence)}</span>
    </figcaption>
  );
}
