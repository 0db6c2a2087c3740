import { ActionIcon, Group, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { PoisonPageRow } from '../../workers/poison-jobs.ts';
import { MarkedText } from '../../ui/MarkedText.tsx';
import { difference } from '../training/difference.ts';
import { PixelImage } from '../training/PixelImage.tsx';
import classes from './PoisonedSet.module.css';
import { provenanceWords, rowWords } from './words.ts';

/** One example: as it was, as it is, what changed, and where that comes from. */
export function RowDetail({ row, onClose }: { row: PoisonPageRow; onClose: () => void }) {
  const { kind, provenance, contents } = row;
  const section = useRef<HTMLElement>(null);
  // The example that was chosen may stand far below.
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [row]);
  return (
    <section ref={section} className={classes.detail} aria-label="The chosen example">
      <Group justify="space-between" wrap="nowrap" mb="xs">
        <Text size="sm" fw={600}>
          {rowWords(kind, provenance)}
        </Text>
        <ActionIcon variant="subtle" color="gray" aria-label="Close the example" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </Group>
      <div className={classes.split}>
        {'text' in contents ? (
          <MarkedText {...contents.text} around={200} />
        ) : (
          <Pictures contents={contents} />
        )}
        <dl className={classes.provenance}>
          {provenanceWords(provenance).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}

function Pictures({ contents }: { contents: Extract<PoisonPageRow['contents'], { shown: Uint8Array }> }) {
  const { original, shown, shape } = contents;
  const change = difference(original, shown, shape.channels);
  return (
    <div className={classes.pictures}>
      <figure>
        <PixelImage pixels={original} shape={shape} label="The example as it came" />
        <figcaption>as it came</figcaption>
      </figure>
      <figure>
        <PixelImage pixels={shown} shape={shape} label="The example as training sees it" />
        <figcaption>in training</figcaption>
      </figure>
      <figure>
        <PixelImage pixels={change.pixels} shape={shape} label={`The change: ${change.changed} pixels`} />
        <figcaption>
          {change.changed === 0 ? 'no change' : `change, drawn × ${change.gain.toPrecision(2)}`}
        </figcaption>
      </figure>
    </div>
  );
}
