import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useCallback, useState } from 'react';
import type { ExperimentConfig } from '../../core/config/schema.ts';
import type { ImageInfo } from '../../core/datasets/dataset.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { CameraView } from '../camera/CameraView.tsx';
import { PhotoView } from '../camera/PhotoView.tsx';
import { type PictureSource, SourceSwitch } from '../camera/SourceSwitch.tsx';
import { squarePixels } from '../camera/square-pixels.ts';
import { useCamera } from '../camera/use-camera.ts';
import { isDrawnAnew, type LayableTrigger, wantedClass, withTrigger } from './lay-trigger.ts';
import classes from './live-test.module.css';
import { Saying } from './Saying.tsx';
import { useLooks } from './use-looks.ts';

interface LiveTestProps {
  /** The model, as the worker named it. */
  held: number;
  info: ImageInfo;
  config: ExperimentConfig;
  /** What can be laid on an image; null where there is no such trigger. */
  trigger: LayableTrigger | null;
  /** Opens the model again. */
  onReopen: () => void;
}

/** The camera or a photo on one side, what the model makes of it on the other. */
export function LiveTest({ held, info, config, trigger, onReopen }: LiveTestProps) {
  const [source, setSource] = useState<PictureSource>('camera');
  const [photo, setPhoto] = useState<ImageBitmap | null>(null);
  const [inverted, setInverted] = useState(false);
  const [laid, setLaid] = useState(false);
  const [place, setPlace] = useState(1);
  const camera = useCamera();
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const { shape } = info;

  const frame = useCallback((): Uint8Array | null => {
    const picture = source === 'camera' ? video : photo;
    const pixels = picture && squarePixels(picture, shape, inverted);
    return pixels && laid && trigger ? withTrigger(trigger, shape, pixels, place) : pixels;
  }, [source, video, photo, shape, inverted, laid, trigger, place]);
  const hasPicture = source === 'camera' ? video !== null : photo !== null;
  const { seen, rate, error } = useLooks(held, hasPicture ? frame : null, source === 'photo');
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <SourceSwitch label="What it looks at" source={source} onChange={setSource} camera={camera} />
        <Group gap="md">
          {shape.channels === 1 && (
            <Switch
              label="Swap dark and light"
              checked={inverted}
              onChange={(event) => setInverted(event.currentTarget.checked)}
            />
          )}
          {trigger !== null && (
            <Switch
              label="Lay the trigger on"
              checked={laid}
              onChange={(event) => setLaid(event.currentTarget.checked)}
            />
          )}
          {laid && trigger !== null && isDrawnAnew(trigger) && (
            <Button size="compact-xs" variant="default" onClick={() => setPlace((before) => before + 1)}>
              Lay it anew
            </Button>
          )}
        </Group>
      </Group>
      <div className={classes.sides}>
        <div>
          {source === 'camera' ? (
            <CameraView camera={camera} onVideo={setVideo} square />
          ) : (
            <PhotoView photo={photo} onPhoto={setPhoto} />
          )}
        </div>
        <div>
          {error !== null && (
            <ErrorPanel error={error} actions={[{ label: 'Open the model again', onClick: onReopen }]} />
          )}
          {seen === null && error === null && (
            <Text size="sm" c="dimmed">
              What the model sees, the middle square at {shape.width}×{shape.height} pixels, and how sure it
              is of each class.
            </Text>
          )}
          {seen !== null && hasPicture && (
            <Saying
              seen={seen}
              rate={source === 'camera' ? rate : null}
              info={info}
              wanted={laid && trigger !== null ? wantedClass(config) : null}
            />
          )}
        </div>
      </div>
    </Stack>
  );
}
