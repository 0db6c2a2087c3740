import { Button, Group, Progress, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { CameraView } from '../camera/CameraView.tsx';
import { useCamera } from '../camera/use-camera.ts';
import { ImageFields, type ImageForm } from '../experiment/ImageFields.tsx';
import { useReadFiles } from '../experiment/use-read-files.ts';
import classes from './capture.module.css';
import { CaptureClass } from './CaptureClass.tsx';
import { capturedFiles, captureProblem } from './captured.ts';
import { useCaptured } from './use-captured.ts';

/** Smallest side of a shot, pixels: what is seen well as a thumbnail. */
const SMALLEST_SHOT = 96;

/** Shots of the camera in classes become a data set, as a folder of pictures does. */
export function CaptureClasses({ onDone }: { onDone: () => void }) {
  const [title, setTitle] = useState('My shots');
  const [image, setImage] = useState<ImageForm>({ size: 32, channels: 3 });
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const camera = useCamera();
  const captured = useCaptured();
  const { read, stop, progress, error } = useReadFiles(onDone);
  const problem = captureProblem(captured.classes);
  const busy = progress !== null;
  return (
    <Stack gap="sm">
      <Text size="sm">
        Name the classes, show each to the camera from many sides, and hold its button. The shots stay in this
        tab and become a data set of this browser.
      </Text>
      <div className={classes.sides}>
        <CameraView camera={camera} onVideo={setVideo} square />
        <Stack gap="xs">
          {captured.classes.map((one) => (
            <CaptureClass
              key={one.id}
              captured={one}
              onShoot={video && (() => captured.shoot(one.id, video, Math.max(SMALLEST_SHOT, image.size)))}
              onRename={(name) => captured.rename(one.id, name)}
              onRemove={captured.classes.length > 2 ? () => captured.remove(one.id) : null}
              onRemoveShot={(shot) => captured.removeShot(one.id, shot)}
            />
          ))}
          <Group>
            <Button
              size="compact-xs"
              variant="default"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={captured.add}
            >
              Add a class
            </Button>
          </Group>
        </Stack>
      </div>
      <Group grow align="end">
        <TextInput
          label="Name"
          value={title}
          maxLength={100}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <ImageFields value={image} onChange={setImage} />
      </Group>
      {busy && <Progress value={100 * progress} aria-label="Shots read" />}
      {error !== null && <ErrorPanel error={error} />}
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed" flex="1 1 200px" role="status">
          {problem ?? 'A tenth of the shots is set aside for the test.'}
        </Text>
        {busy && (
          <Button variant="default" onClick={stop}>
            Stop
          </Button>
        )}
        <Button
          disabled={problem !== null}
          aria-busy={busy}
          onClick={() => {
            if (!busy)
              void read({
                title,
                files: capturedFiles(captured.classes),
                image,
                columns: null,
              });
          }}
        >
          Make the data set
        </Button>
      </Group>
    </Stack>
  );
}
