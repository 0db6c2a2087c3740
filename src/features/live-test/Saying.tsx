import { Text } from '@mantine/core';
import type { ImageInfo } from '../../core/datasets/dataset.ts';
import { formatPercent } from '../training/format.ts';
import { PixelImage } from '../training/PixelImage.tsx';
import { classBars } from './bars.ts';
import classes from './live-test.module.css';
import type { Seen } from './use-looks.ts';

interface SayingProps {
  seen: Seen;
  /** Images a second; null for one image. */
  rate: number | null;
  info: ImageInfo;
  /** The class that the backdoor wants; null without the trigger. */
  wanted: number | null;
}

/** What the model sees, enlarged, and how sure it is of each class. */
export function Saying({ seen: { pixels, probabilities, milliseconds }, rate, info, wanted }: SayingProps) {
  const bars = classBars(probabilities, info.classes, wanted);
  const said = bars.find((bar) => bar.said);
  const fired = said !== undefined && said.label === wanted;
  return (
    <div className={classes.saying}>
      <figure className={classes.seen}>
        <PixelImage pixels={pixels} shape={info.shape} label="What the model sees" />
        <figcaption>
          what the model sees
          <br />
          {rate === null ? `${milliseconds.toFixed(0)} ms` : `${rate.toFixed(1)} images a second`}
        </figcaption>
      </figure>
      <div>
        {/* Several times a second would be too much to listen to. */}
        <Text size="sm" fw={600} role={rate === null ? 'status' : undefined} data-testid="live-said">
          {said === undefined ? '' : `It says ${said.name}, ${formatPercent(said.probability)}`}
          {fired && ', as the backdoor wants'}
        </Text>
        <ol className={classes.bars} aria-label="How sure the model is of each class">
          {bars.map((bar) => (
            <li key={bar.label} data-said={bar.said || undefined} data-wanted={bar.wanted || undefined}>
              <span className={classes.name}>{bar.name}</span>
              <span className={classes.track} aria-hidden>
                <span className={classes.fill} style={{ width: `${100 * bar.probability}%` }} />
              </span>
              <span className={classes.figure}>{formatPercent(bar.probability)}</span>
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}
