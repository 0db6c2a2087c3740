import { Skeleton, Stack, Text } from '@mantine/core';
import { useCallback, useMemo, useState, type KeyboardEvent } from 'react';
import type { LabelConfig, PlacedSynthesizerConfig } from '../../core/config/schema.ts';
import { pixelsPerImage, type ImageShape } from '../../core/datasets/dataset.ts';
import { BrushControls } from './BrushControls.tsx';
import { KindControls, PixelBrightness, ResetButton } from './KindControls.tsx';
import { PainterGrid } from './PainterGrid.tsx';
import { PainterToolbar } from './PainterToolbar.tsx';
import { PlacementControls } from './PlacementControls.tsx';
import { imageRgba, stampPreview, type PreviewImages } from './preview-stamps.ts';
import styles from './TriggerPainter.module.css';
import { TriggerPreview } from './TriggerPreview.tsx';
import { TriggerProblem } from './TriggerProblem.tsx';
import { usePainter, type Painter } from './use-painter.ts';
import { limitZoom } from './zoom.ts';
import { ZoomControls } from './ZoomControls.tsx';

export interface TriggerPainterProps {
  value: PlacedSynthesizerConfig;
  onChange: (next: PlacedSynthesizerConfig) => void;
  /** Shape of the images of the data set. */
  shape: ImageShape;
  /** Eight test images, or null while they load. */
  dataset: PreviewImages | null;
  label: LabelConfig;
  /** Class names by class index. */
  classes: readonly string[];
  disabled?: boolean;
}

const EMPTY_PREVIEW: PreviewImages = { images: new Uint8Array(), labels: [] };

/** Paints the trigger of an experiment by mouse, pen, finger or keyboard, and shows it on test images. */
export function TriggerPainter(props: TriggerPainterProps) {
  const { value, onChange, shape, dataset, label, classes, disabled = false } = props;
  const painter = usePainter({ value, onChange, shape, disabled });
  const [zoom, setZoom] = useState(1);
  const [shuffle, setShuffle] = useState(1);
  const [chosen, setChosen] = useState<number | null>(0);
  const onZoom = useCallback((factor: number) => setZoom((before) => limitZoom(before * factor)), []);

  // Another data set may come before its images: never read images of one shape as another.
  const fits = dataset !== null && dataset.images.length === dataset.labels.length * pixelsPerImage(shape);
  const images = fits ? dataset : EMPTY_PREVIEW;
  const { config } = painter;
  const stamped = useMemo(
    () => stampPreview(config, shape, images, shuffle),
    [config, shape, images, shuffle],
  );
  const background = useMemo(
    () => (chosen !== null && chosen < images.labels.length ? imageRgba(images.images, chosen, shape) : null),
    [chosen, images, shape],
  );

  return (
    <div className={styles.painter} onKeyDown={(event) => onHistoryKey(event, painter)}>
      <div className={styles.columns}>
        <Stack gap="sm" className={styles.paint}>
          <KindControls painter={painter} />
          <PainterToolbar painter={painter} />
          <PainterGrid painter={painter} background={background} zoom={zoom} onZoom={onZoom} />
          <ZoomControls zoom={zoom} onZoom={(next) => setZoom(limitZoom(next))} />
          <ResetButton painter={painter} />
          {!stamped.ok && <TriggerProblem painter={painter} error={stamped.error} />}
        </Stack>
        <Stack gap="md" className={styles.settings}>
          <PixelBrightness painter={painter} />
          <BrushControls painter={painter} />
          <PlacementControls painter={painter} />
          {fits ? (
            <TriggerPreview
              shape={shape}
              dataset={dataset}
              stamped={stamped}
              label={label}
              classNames={classes}
              chosen={chosen}
              onChoose={setChosen}
              onShuffle={config.placement.kind === 'random' ? () => setShuffle((n) => n + 1) : null}
              disabled={disabled}
            />
          ) : (
            <PreviewLoading />
          )}
        </Stack>
      </div>
    </div>
  );
}

function PreviewLoading() {
  return (
    <section aria-label="Preview on test images" aria-busy>
      <Text size="sm" className={styles.quiet} mb={6}>
        Test images are loading.
      </Text>
      <Skeleton height={150} animate={false} />
    </section>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y) step the painter, not the page; text fields keep their own undo. */
function onHistoryKey(event: KeyboardEvent<HTMLElement>, painter: Painter): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.target instanceof HTMLInputElement && event.target.type === 'text') return;
  const name = event.key.toLowerCase();
  const step =
    name === 'y' || (name === 'z' && event.shiftKey) ? painter.redo : name === 'z' ? painter.undo : null;
  if (step === null) return;
  event.preventDefault();
  event.stopPropagation();
  step();
}
