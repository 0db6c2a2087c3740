import { Button, Group, NativeSelect, Pagination, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { grouped } from '../../core/formats/bytes.ts';
import type { BrowseWish } from '../../core/training/browse.ts';
import { useExperiment } from '../../state/experiment-store.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { notifyDone } from '../../ui/notify.tsx';
import { formatMeasure } from '../training/format.ts';
import { ImageGrid } from './ImageGrid.tsx';
import classes from './pick-images.module.css';
import {
  picked,
  type Picks,
  picksOf,
  type Semantic,
  swapped,
  toggled,
  withPicks,
  withRole,
} from './picks.ts';
import { PickTray } from './PickTray.tsx';
import { useImages } from './use-images.ts';
import { SIMILAR, useSimilar } from './use-similar.ts';

/** Images of a page. */
const PAGE = 48;

/** Picks the images of a semantic backdoor by looking at them, or by what a model takes for alike. */
export function PickImages({ onDone }: { onDone: () => void }) {
  // As it was when this was opened: what is shown does not change under the eyes.
  const [config] = useState(useExperiment((state) => state.draft));
  const { synthesizer } = config.attack;
  if (synthesizer.kind !== 'semantic') return null;
  return <Picker config={config} start={synthesizer} onDone={onDone} />;
}

interface PickerProps {
  config: Parameters<typeof useSimilar>[0];
  start: Semantic;
  onDone: () => void;
}

function Picker({ config, start, onDone }: PickerProps) {
  const [picks, setPicks] = useState<Picks>(() => picksOf(start));
  const [view, setView] = useState<Extract<BrowseWish, { from: number }>>({
    label: null,
    from: 0,
    count: PAGE,
  });
  const [last, setLast] = useState<number | null>(null);
  const setPath = useExperiment((state) => state.setPath);
  const { images: page, busy, error } = useImages(config.task, view);
  const { images: chosen } = useImages(config.task, picks.size > 0 ? { indices: [...picks.keys()] } : null);
  const similar = useSimilar(config);
  const { found } = similar;
  const shown = found ?? page;
  const next = withPicks(start, picks);
  const press = (index: number): void => {
    setPicks(toggled(picks, index));
    setLast(picks.has(index) ? null : index);
  };
  const failed = error ?? similar.error;
  return (
    <Stack gap="sm" aria-busy={busy || similar.progress !== null}>
      <Text size="sm">
        Press the images that have the feature. Those that teach get the backdoor’s label and leave clean
        training; one of four is held out and measures.
      </Text>
      <Group justify="space-between" align="end" gap="xs">
        {found === null ? (
          <NativeSelect
            label="Show"
            value={view.label === null ? '' : String(view.label)}
            data={[
              { value: '', label: 'all classes' },
              ...(page?.classes ?? []).map((name, index) => ({ value: String(index), label: name })),
            ]}
            onChange={({ currentTarget: { value } }) =>
              setView({ ...view, from: 0, label: value === '' ? null : Number(value) })
            }
          />
        ) : (
          <Text size="sm" role="status">
            {found.images.length} like example {found.index}, the nearest first, in the latents of{' '}
            {found.of === 'given' ? 'the run’s model' : 'a clean model'}
          </Text>
        )}
        <Group gap="xs">
          {found !== null && (
            <>
              <Button
                variant="default"
                onClick={() => setPicks(found.images.reduce((all, { index }) => picked(all, index), picks))}
              >
                Pick all {found.images.length}
              </Button>
              <Button variant="default" onClick={similar.stop}>
                Back to all images
              </Button>
            </>
          )}
          <Button
            variant="default"
            disabled={last === null || similar.progress !== null}
            onClick={() => {
              if (last !== null) similar.find(last);
            }}
          >
            {last === null ? 'Find similar' : `Find ${SIMILAR} like example ${last}`}
          </Button>
        </Group>
      </Group>
      {similar.progress !== null && (
        <Group gap="xs" wrap="nowrap">
          <Progress flex={1} value={100 * similar.progress} aria-label="Images compared" />
          <Button size="compact-xs" variant="default" onClick={similar.stop}>
            Stop
          </Button>
        </Group>
      )}
      {failed !== null && <ErrorPanel error={failed} />}
      {shown && (
        <div className={classes.scroll}>
          <ImageGrid
            label={found ? 'Images found' : 'Training images'}
            images={shown.images}
            shape={shown.shape}
            classNames={shown.classes}
            roleOf={(index) => picks.get(index) ?? null}
            captionOf={(image, at) => {
              const name = shown.classes[image.label] ?? String(image.label);
              return found ? `${name}, ${formatMeasure(found.distances[at] ?? 0)}` : name;
            }}
            onPress={press}
          />
        </div>
      )}
      {found === null && page && (
        <Group justify="end">
          <Pagination
            size="sm"
            total={Math.max(1, Math.ceil(page.matched / PAGE))}
            value={view.from / PAGE + 1}
            siblings={1}
            onChange={(number) => setView({ ...view, from: (number - 1) * PAGE })}
            getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
          />
        </Group>
      )}
      {picks.size > 0 && (
        <PickTray picks={picks} images={chosen} onSwap={(index) => setPicks(swapped(picks, index))} />
      )}
      <Group justify="space-between" gap="xs">
        <Text size="sm" role="status">
          {picks.size === 0
            ? 'None is picked yet.'
            : `${grouped(picks.size)} picked: ${withRole(picks, 'teaches').length} teach, ${withRole(picks, 'measures').length} measure`}
        </Text>
        <Group gap="xs">
          <Button variant="default" disabled={picks.size === 0} onClick={() => setPicks(new Map())}>
            Pick none
          </Button>
          <Button
            disabled={next === null}
            onClick={() => {
              setPath('attack.synthesizer', next);
              notifyDone('The picked images are the backdoor of the next run.');
              onDone();
            }}
          >
            Use these images
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
