import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { CameraView } from '../camera/CameraView.tsx';
import { PhotoView } from '../camera/PhotoView.tsx';
import { type PictureSource, SourceSwitch } from '../camera/SourceSwitch.tsx';
import { useCamera } from '../camera/use-camera.ts';
import { CutShot } from './CutShot.tsx';
import { shotOf } from './shot.ts';

/** Cuts the object of a physical trigger out of what the camera sees, or out of a photo. */
export function CutObject({ onDone }: { onDone: () => void }) {
  const [source, setSource] = useState<PictureSource>('camera');
  const [shot, setShot] = useState<ImageData | null>(null);
  const camera = useCamera();
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const shutter = useRef<HTMLButtonElement>(null);
  const isOn = camera.state.kind === 'on';
  // The button that started the camera is gone; what comes next is the shot.
  useEffect(() => {
    if (isOn) shutter.current?.focus();
  }, [isOn]);
  const take = (): void => {
    const taken = video && shotOf(video);
    if (!taken) return;
    setShot(taken);
    camera.stop();
  };
  if (shot !== null) {
    return (
      <CutShot
        shot={shot}
        onAnother={() => {
          setShot(null);
          if (source === 'camera') camera.start();
        }}
        onDone={onDone}
      />
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm">
        Hold the object before a plain wall or a sheet of paper, in one light. You draw the line around it
        next.
      </Text>
      <SourceSwitch label="Where the shot comes from" source={source} onChange={setSource} camera={camera} />
      {source === 'camera' ? (
        <>
          <CameraView camera={camera} onVideo={setVideo} />
          {isOn && (
            <Group justify="end">
              <Button ref={shutter} onClick={take}>
                Take the shot
              </Button>
            </Group>
          )}
        </>
      ) : (
        <PhotoView photo={null} onPhoto={(photo) => setShot(shotOf(photo))} />
      )}
    </Stack>
  );
}
