import { memo, useMemo } from 'react';

import type { ImageShape } from '../../core/datasets/dataset.ts';
import type { ImageSample } from '../../core/experiment/events.ts';
import { difference } from './difference.ts';
import classes from './gallery.module.css';
import { outcomeOf } from './outcome.ts';
import { PixelImage } from './PixelImage.tsx';
import { SampleTitle, Says } from './SampleParts.tsx';

interface SampleCardProps {
  sample: ImageSample;
  shape: ImageShape;
  classNames: readonly string[];
}

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
      <SampleTitle sample={sample} name={name} />
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
