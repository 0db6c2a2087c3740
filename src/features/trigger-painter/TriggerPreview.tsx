import { Button, Group, Text } from '@mantine/core';
import { IconArrowsShuffle } from '@tabler/icons-react';
import type { LabelConfig } from '../../core/config/schema.ts';
import type { ImageShape } from '../../core/datasets/dataset.ts';
import { PreviewImage } from './PreviewImage.tsx';
import { previewLabel, type PreviewImages, type StampedPreview } from './preview-stamps.ts';
import classes from './TriggerPreview.module.css';

interface TriggerPreviewProps {
  shape: ImageShape;
  dataset: PreviewImages;
  stamped: StampedPreview;
  label: LabelConfig;
  classNames: readonly string[];
  chosen: number | null;
  /** Shows one behind the grid of the painter; null where nothing is painted. */
  onChoose: ((index: number | null) => void) | null;
  /** Draws other random places; null where the place is fixed. */
  onShuffle: (() => void) | null;
  disabled: boolean;
}

/** The trigger on test images, as a training run would stamp it, with the size of the change. */
export function TriggerPreview(props: TriggerPreviewProps) {
  const { shape, dataset, stamped, label, classNames, chosen, onChoose, onShuffle, disabled } = props;
  const nameOf = (index: number): string => classNames[index] ?? String(index);
  return (
    <section className={classes.preview} aria-label="Preview on test images">
      <Group justify="space-between" gap="xs" mb={6} mih={26}>
        <Text size="sm" fw={600}>
          On test images
        </Text>
        {onShuffle !== null && (
          <Button
            size="compact-sm"
            fz="xs"
            variant="subtle"
            leftSection={<IconArrowsShuffle size={14} aria-hidden />}
            onClick={onShuffle}
          >
            Shuffle places
          </Button>
        )}
      </Group>
      <div className={classes.grid}>
        {dataset.labels.map((trueClass, index) => {
          const target = previewLabel(label, trueClass, classNames.length);
          return (
            <PreviewImage
              key={index}
              images={stamped.ok ? stamped.images : dataset.images}
              index={index}
              shape={shape}
              trueClass={nameOf(trueClass)}
              backdoorClass={target === null ? null : nameOf(target)}
              chosen={chosen === index}
              onChoose={onChoose && (() => onChoose(chosen === index ? null : index))}
              disabled={disabled}
            />
          );
        })}
      </div>
      <Text size="xs" mt={8} className={classes.legend}>
        <span className={classes.clean}>class</span> <span className={classes.arrow}>→</span>{' '}
        <span className={classes.backdoor}>backdoor label</span>
        {onChoose !== null && ' Press an image to paint over it.'}
      </Text>
      {stamped.ok && <PerturbationCaption shape={shape} stamped={stamped} />}
    </section>
  );
}

function PerturbationCaption({
  shape,
  stamped,
}: {
  shape: ImageShape;
  stamped: Extract<StampedPreview, { ok: true }>;
}) {
  const { l0, l2, lInfinity } = stamped.norms;
  const pixels = (shape.height * shape.width).toLocaleString('en');
  const figures = [
    {
      name: 'L0',
      value: l0.toFixed(Number.isInteger(l0) ? 0 : 1),
      help: `pixels of ${pixels} changed, mean`,
    },
    { name: 'L2', value: l2.toFixed(2), help: 'length of the change, mean' },
    { name: 'L∞', value: lInfinity.toFixed(2), help: 'largest change of a pixel' },
  ];
  return (
    <dl className={classes.norms} aria-label="Size of the change, pixels from 0 to 1">
      {figures.map(({ name, value, help }) => (
        <div key={name} className={classes.norm}>
          <dt>{name}</dt>
          <dd>
            <strong>{value}</strong>
            <span>{help}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
