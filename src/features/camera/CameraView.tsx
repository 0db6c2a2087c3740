import { Button, Stack, Text } from '@mantine/core';
import { IconCamera, IconCameraOff } from '@tabler/icons-react';
import { useCallback, useEffect, useRef } from 'react';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import classes from './camera.module.css';
import type { Camera } from './use-camera.ts';

interface CameraViewProps {
  camera: Camera;
  /** Gets the picture while the camera is on, null when it is off. */
  onVideo: (video: HTMLVideoElement | null) => void;
  /** Show the middle square, which is all that is used. */
  square?: boolean;
}

/** The picture of the camera, or how to get one. */
export function CameraView(props: CameraViewProps) {
  const { kind } = props.camera.state;
  const frame = useRef<HTMLDivElement>(null);
  // The button that was pressed goes with what it was part of: the focus stays here.
  useEffect(() => {
    if (kind !== 'starting' && document.activeElement === document.body)
      frame.current?.querySelector('button')?.focus();
  }, [kind]);
  return (
    <div ref={frame}>
      <Picture {...props} />
    </div>
  );
}

function Picture({ camera: { state, start, stop }, onVideo, square = false }: CameraViewProps) {
  const stream = state.kind === 'on' ? state.stream : null;
  const attach = useCallback(
    (element: HTMLVideoElement | null) => {
      if (element) {
        element.srcObject = stream;
        // Autoplay may be off; a picture that is muted and was asked for may still play.
        void element.play().catch(() => undefined);
      }
      onVideo(element);
    },
    [stream, onVideo],
  );
  if (state.kind === 'failed') {
    return <ErrorPanel error={state.error} actions={[{ label: 'Start the camera again', onClick: start }]} />;
  }
  if (stream === null) {
    return (
      <Stack
        align="center"
        justify="center"
        gap="xs"
        className={classes.off}
        data-square={square || undefined}
      >
        <Text size="xs" c="dimmed" ta="center">
          The picture stays in this tab. Nothing is uploaded.
        </Text>
        <Button
          leftSection={<IconCamera size={16} aria-hidden />}
          aria-busy={state.kind === 'starting'}
          onClick={() => {
            if (state.kind === 'off') start();
          }}
        >
          {state.kind === 'starting' ? 'The browser asks you' : 'Start the camera'}
        </Button>
      </Stack>
    );
  }
  return (
    <div className={classes.on} data-square={square || undefined}>
      <video
        ref={attach}
        muted
        playsInline
        autoPlay
        className={classes.video}
        aria-label="Picture of the camera"
      />
      <Button
        size="compact-xs"
        variant="default"
        className={classes.stop}
        leftSection={<IconCameraOff size={14} aria-hidden />}
        onClick={stop}
      >
        Camera off
      </Button>
    </div>
  );
}
