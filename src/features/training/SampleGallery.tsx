import { SegmentedControl, Text } from '@mantine/core';
import { memo, useState } from 'react';

import type { Evaluation } from '../../core/experiment/events.ts';
import classes from './gallery.module.css';
import { InspectCard } from './InspectCard.tsx';
import { filterSamples, type GalleryFilter } from './outcome.ts';
import { SampleCard } from './SampleCard.tsx';
import { TextCard } from './TextCard.tsx';

interface SampleGalleryProps {
  /** The newest evaluation, with the images it was made on; null before the first. */
  evaluation: Pick<Evaluation, 'samples' | 'shape' | 'classes'> | null;
}

const READING =
  'Change: grey is unchanged, lighter is brighter, darker is darker; × says how many times as strong it is drawn. ' +
  'Already: read as the backdoor label without the trigger, so firing cannot be told.';

const READING_TEXTS =
  'The words of the trigger are marked. ' +
  'Already: read as the backdoor label without the trigger, so firing cannot be told.';

const NO_SAMPLES: Evaluation['samples'] = [];

/** Test images beside their triggered twins, or texts with the trigger in them, and what the model says of each. */
export const SampleGallery = memo(function SampleGallery({ evaluation }: SampleGalleryProps) {
  const samples = evaluation?.samples ?? NO_SAMPLES;
  const [filter, setFilter] = useState<GalleryFilter>('all');
  const shown = filterSamples(samples, filter);
  const areTexts = samples.some((sample) => 'words' in sample);
  const count = (of: GalleryFilter): number => filterSamples(samples, of).length;
  return (
    <InspectCard
      title="Samples"
      description={areTexts ? READING_TEXTS : READING}
      tools={
        samples.length > 0 && (
          <SegmentedControl
            aria-label="Show samples"
            value={filter}
            onChange={(value) => setFilter(value)}
            data={[
              { value: 'all', label: `All ${count('all')}` },
              { value: 'fired', label: `Fired ${count('fired')}` },
              { value: 'not-fired', label: `Not fired ${count('not-fired')}` },
            ]}
          />
        )
      }
    >
      {shown.length === 0 || evaluation === null ? (
        <Text size="sm" c="dimmed" py="xl" ta="center">
          {samples.length === 0
            ? 'Test inputs with and without the trigger appear with the first evaluation.'
            : `No sample here: the backdoor ${filter === 'fired' ? 'has not fired yet' : 'fired on all of them'}.`}
        </Text>
      ) : (
        <ul className={areTexts ? `${classes.grid} ${classes.texts}` : classes.grid}>
          {shown.map((sample) =>
            'words' in sample ? (
              <TextCard key={sample.index} sample={sample} classNames={evaluation.classes} />
            ) : (
              evaluation.shape && (
                <SampleCard
                  key={sample.index}
                  sample={sample}
                  shape={evaluation.shape}
                  classNames={evaluation.classes}
                />
              )
            ),
          )}
        </ul>
      )}
    </InspectCard>
  );
});
